/* Loaded into a program before its libraries (LD_PRELOAD): counts what becomes durable and what goes over
 * the network, and kills the program at one of these steps. The program knows nothing of it.
 *
 *   FAIL_AT=N   the step at which it dies; none: it lives
 *   FAIL_LOG=F  gets the name of the step at which it died
 *
 * A step is: before the first of several writes to a file (writing), before each sync (syncing), before bytes leave
 * through a socket (sending), and after bytes came in through one (receiving).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int steps;
static _Atomic(const char *) last = "";

static void step(const char *kind) {
    const char *before = atomic_exchange(&last, kind);
    if (strcmp(kind, "writing") == 0 && strcmp(before, "writing") == 0) return;
    const char *at = getenv("FAIL_AT");
    if (atomic_fetch_add(&steps, 1) + 1 != (at ? atoi(at) : -1)) return;
    const char *log = getenv("FAIL_LOG");
    int file = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file < 0 || NEXT(write)(file, kind, strlen(kind)) < 0) abort();
    kill(getpid(), SIGKILL);
    pause();
}

static int is_network(int socket) {
    int domain = 0;
    socklen_t size = sizeof domain;
    return getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0
        && (domain == AF_INET || domain == AF_INET6);
}

static ssize_t received(int socket, ssize_t count) {
    if (count > 0 && is_network(socket)) step("receiving");
    return count;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    step("writing");
    return NEXT(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    step("writing");
    return NEXT(pwrite64)(file, bytes, count, at);
}

int fsync(int file) {
    step("syncing");
    return NEXT(fsync)(file);
}

int fdatasync(int file) {
    step("syncing");
    return NEXT(fdatasync)(file);
}

ssize_t send(int socket, const void *bytes, size_t count, int flags) {
    if (is_network(socket)) step("sending");
    return NEXT(send)(socket, bytes, count, flags);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    if (is_network(file)) step("sending");
    return NEXT(writev)(file, parts, count);
}

ssize_t recv(int socket, void *bytes, size_t count, int flags) {
    return received(socket, NEXT(recv)(socket, bytes, count, flags));
}
