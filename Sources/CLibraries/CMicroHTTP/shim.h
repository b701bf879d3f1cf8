#pragma once
#include <microhttpd.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <stdlib.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

// Swift imports neither variadic functions nor the constants of closed enums; both are given here.

// The path and the query arrive as they were on the wire; MHD would turn %00 into an end of string.
static inline size_t shim_raw(void *cls, struct MHD_Connection *connection, char *text) {
    (void)cls;
    (void)connection;
    return strlen(text);
}

typedef struct shim_callbacks {
    MHD_AccessHandlerCallback access;
    void *(*target)(void *, const char *, struct MHD_Connection *);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
} shim_callbacks;

// Poll, never epoll: 0.9.75's epoll hangs when the ready events are an exact multiple of 128.
static inline struct MHD_Daemon *shim_start(
    const struct sockaddr *address, uint16_t port, int ipv6, unsigned connections,
    unsigned idle_seconds, size_t memory, shim_callbacks callbacks, void *cls) {
    unsigned flags = MHD_USE_POLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (ipv6) flags |= MHD_USE_DUAL_STACK;
    return MHD_start_daemon(
        flags, port, NULL, NULL, callbacks.access, cls,
        MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, cls,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, cls,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.target, cls,
        MHD_OPTION_UNESCAPE_CALLBACK, shim_raw, NULL,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
}

static inline struct MHD_Daemon *shim_start4(
    const char *text, uint16_t port, unsigned connections, unsigned idle_seconds, size_t memory,
    shim_callbacks callbacks, void *cls) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (inet_pton(AF_INET, text, &address.sin_addr) != 1) return NULL;
    return shim_start((const struct sockaddr *)&address, port, 0, connections, idle_seconds, memory,
                      callbacks, cls);
}

static inline struct MHD_Daemon *shim_start6(
    const char *text, uint16_t port, unsigned connections, unsigned idle_seconds, size_t memory,
    shim_callbacks callbacks, void *cls) {
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (inet_pton(AF_INET6, text, &address.sin6_addr) != 1) return NULL;
    return shim_start((const struct sockaddr *)&address, port, 1, connections, idle_seconds, memory,
                      callbacks, cls);
}

// 0: neither, 4, 6: the family of a textual address.
static inline int shim_family(const char *text) {
    struct in6_addr any;
    if (inet_pton(AF_INET, text, &any) == 1) return 4;
    if (inet_pton(AF_INET6, text, &any) == 1) return 6;
    return 0;
}

static inline uint16_t shim_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

static inline int shim_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline void *shim_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// The peer's textual address; an IPv4 client of a dual-stack socket is written as IPv4.
static inline int shim_client(struct MHD_Connection *connection, char *text, unsigned size) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr) return 0;
    const struct sockaddr *address = info->client_addr;
    if (address->sa_family == AF_INET) {
        const struct in_addr *four = &((const struct sockaddr_in *)address)->sin_addr;
        return inet_ntop(AF_INET, four, text, size) != 0;
    }
    if (address->sa_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(six))
            return inet_ntop(AF_INET, six->s6_addr + 12, text, size) != 0;
        return inet_ntop(AF_INET6, six, text, size) != 0;
    }
    return 0;
}

static inline int shim_header(
    struct MHD_Connection *connection, const char *name, size_t length, const char **value,
    size_t *size) {
    return MHD_lookup_connection_value_n(connection, MHD_HEADER_KIND, name, length, value, size)
        == MHD_YES;
}

static inline int shim_has_host(struct MHD_Connection *connection) {
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    return value && *value;
}

// How a request says where its body ends. Two answers to that are how requests are smuggled past
// a proxy, so everything but one Content-Length or one "chunked" is marked as wrong.
typedef struct shim_framing {
    int lengths, encodings, wrong;
    unsigned long long length;
} shim_framing;

static inline enum MHD_Result shim_framing_header(
    void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
    (void)kind;
    shim_framing *framing = cls;
    if (strcasecmp(name, "Content-Length") == 0) {
        framing->lengths += 1;
        unsigned long long length = 0;
        if (!value || !*value) framing->wrong = 1;
        for (const char *c = value; c && *c; c++) {
            if (*c < '0' || *c > '9' || length > 0x00ffffffffffffffull) {
                framing->wrong = 1;
                break;
            }
            length = length * 10 + (unsigned long long)(*c - '0');
        }
        framing->length = length;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        framing->encodings += 1;
        if (!value || strcasecmp(value, "chunked") != 0) framing->wrong = 1;
    }
    return MHD_YES;
}

static inline shim_framing shim_body_framing(struct MHD_Connection *connection) {
    shim_framing framing = {0, 0, 0, 0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, shim_framing_header, &framing);
    if (framing.lengths + framing.encodings > 1) framing.wrong = 1;
    return framing;
}

static inline struct MHD_Response *shim_response(const void *bytes, size_t count) {
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

static inline int shim_add_header(
    struct MHD_Response *response, const char *name, const char *value) {
    return MHD_add_response_header(response, name, value) == MHD_YES;
}

static inline int shim_queue(
    struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
    return MHD_queue_response(connection, status, response) == MHD_YES;
}

static inline enum MHD_Result shim_result(int yes) { return yes ? MHD_YES : MHD_NO; }

static inline int shim_is_start(enum MHD_ConnectionNotificationCode code) {
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}

// struct tcp_info of <linux/tcp.h> cannot be included beside <netinet/tcp.h>, whose own lacks the
// field; its place (tcpi_bytes_received) is part of the kernel's interface since 4.1.
static inline unsigned long long shim_bytes_received(int socket) {
    unsigned char info[256];
    socklen_t size = sizeof info;
    memset(info, 0, sizeof info);
    unsigned long long received = 0;
    if (getsockopt(socket, IPPROTO_TCP, 11 /* TCP_INFO */, info, &size) == 0 && size >= 136)
        memcpy(&received, info + 128, sizeof received);
    return received;
}

// Bytes that have arrived and that nobody has read yet.
static inline int shim_unread(int socket) {
    int count = 0;
    return ioctl(socket, FIONREAD, &count) == 0 ? count : 0;
}

// What a client has not acknowledged after so long is given up by the kernel, which else goes on for a quarter of an hour
// after we have closed. The listener's connections inherit it.
static inline int shim_forget_after(struct MHD_Daemon *daemon, unsigned milliseconds) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD);
    return info && setsockopt(info->listen_fd, IPPROTO_TCP, 18 /* TCP_USER_TIMEOUT */, &milliseconds,
                              sizeof milliseconds) == 0;
}

static inline int shim_is_timeout(enum MHD_RequestTerminationCode code) {
    return code == MHD_REQUEST_TERMINATED_TIMEOUT_REACHED;
}

// Milliseconds of the clock that never jumps; coarse (4 ms), because it is read for every request.
static inline long long shim_milliseconds(void) {
    struct timespec now;
    clock_gettime(6 /* CLOCK_MONOTONIC_COARSE */, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
