#pragma once

#include "core/base/backend.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace tribikos::lab {

/// Something between: the first connection to its port goes to one server, all others to another. As a pooler it makes
/// up the numbers by which its clients' connections are known.
class Balancer
{
public:
    Balancer(int firstPort, int otherPort, std::optional<Backend> pooled = {});
    ~Balancer();
    Q_DISABLE_COPY_MOVE(Balancer)

    int port() const { return m_port; }

private:
    void accept(int firstPort, int otherPort);
    void pump(int client, int server);

    const std::optional<Backend> m_pooled;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_isEnding = false;
    std::vector<std::thread> m_pumps{}; // of m_acceptor's thread alone, until it has ended
    std::thread m_acceptor{};
};

} // namespace tribikos::lab
