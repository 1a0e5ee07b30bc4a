#include "tests/servers/balancer.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace tribikos::lab {

namespace {

sockaddr_in here(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(quint16(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool waits(int socket)
{
    pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
    return poll(&one, 1, 50) > 0;
}

/// In what a server says first: PostgreSQL's message BackendKeyData, MySQL's thread behind its version.
void makeUpNumber(char *bytes, ssize_t size, Backend backend)
{
    const std::string_view said(bytes, size_t(size));
    const size_t key = said.find(std::string_view("K\0\0\0\x0c", 5));
    const bool isGreeting = size > 5 && bytes[3] == 0 && bytes[4] == 10;
    const size_t version = said.find('\0', 5);
    if (backend == Backend::PostgreSql && key != said.npos && key + 9 <= said.size())
        bytes[key + 8] = char(bytes[key + 8] + 1);
    else if (backend != Backend::PostgreSql && isGreeting && version != said.npos)
        bytes[version + 1] = char(bytes[version + 1] + 1);
}

/// False: nothing more comes from there.
bool carry(int from, int to, std::optional<Backend> pooled = {})
{
    char bytes[16384];
    const ssize_t size = recv(from, bytes, sizeof(bytes), 0);
    if (size > 0 && pooled)
        makeUpNumber(bytes, size, *pooled);
    return size > 0 && send(to, bytes, size_t(size), MSG_NOSIGNAL) == size;
}

} // namespace

Balancer::Balancer(int firstPort, int otherPort, std::optional<Backend> pooled)
    : m_pooled(pooled)
    , m_listener(socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in address = here(0);
    socklen_t size = sizeof(address);
    if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0
        || listen(m_listener, 8) != 0
        || getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        qFatal("The balancer has no port");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([=, this] { accept(firstPort, otherPort); });
}

Balancer::~Balancer()
{
    m_isEnding = true;
    m_acceptor.join();
    for (std::thread &pump : m_pumps)
        pump.join();
    close(m_listener);
}

void Balancer::accept(int firstPort, int otherPort)
{
    while (!m_isEnding) {
        if (!waits(m_listener))
            continue;
        const int client = ::accept(m_listener, nullptr, nullptr);
        const int server = socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = here(m_pumps.empty() ? firstPort : otherPort);
        if (connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
            qFatal("The balancer reaches no server");
        m_pumps.emplace_back([=, this] { pump(client, server); });
    }
}

void Balancer::pump(int client, int server)
{
    bool isOpen = true;
    while (isOpen && !m_isEnding) {
        pollfd both[2] = {{.fd = client, .events = POLLIN, .revents = 0},
                          {.fd = server, .events = POLLIN, .revents = 0}};
        if (poll(both, 2, 50) <= 0)
            continue;
        if (both[0].revents != 0)
            isOpen = carry(client, server);
        if (isOpen && both[1].revents != 0)
            isOpen = carry(server, client, m_pooled);
    }
    close(client);
    close(server);
}

} // namespace tribikos::lab
