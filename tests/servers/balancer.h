#pragma once

#include <QtGlobal>

#include <atomic>
#include <thread>
#include <vector>

namespace tribikos::lab {

/// Something between: the first connection to its port goes to one server, all others to another.
class Balancer
{
public:
    Balancer(int firstPort, int otherPort);
    ~Balancer();
    Q_DISABLE_COPY_MOVE(Balancer)

    int port() const { return m_port; }

private:
    void accept(int firstPort, int otherPort);
    void pump(int client, int server);

    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_isEnding = false;
    std::vector<std::thread> m_pumps{}; // of m_acceptor's thread alone, until it has ended
    std::thread m_acceptor{};
};

} // namespace tribikos::lab
