/* Kills, full disks and clocks that go back, where a test says: preloaded into what is tried.

   Every change below FAULT_ROOT that this process and its children make is counted in a file that
   they share, FAULT_PLAN. At the chosen one a process is killed, or the disk is full from then on.
   What a run's own program writes into its folder `work` is not counted. Linux with glibc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { BEFORE, HALF, AFTER };
enum { NOTHING, KILL_SELF, KILL_LEADER, KILL_GROUP, FAIL };
#define KINDS 65536

/* As faults.py has it. */
struct plan {
  int64_t count, at, moment, action, error, fired, clock;
  char kinds[KINDS];
};

static struct plan *plan;
static char root[PATH_MAX];

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULT_PLAN"), *folder = getenv("FAULT_ROOT");
  if (!file || !folder) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDWR);
  if (fd < 0) return;
  void *found = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (found == MAP_FAILED) return;
  snprintf(root, sizeof root, "%s/", folder);
  plan = found;
}

static int inside(const char *path) {
  return strncmp(path, root, strlen(root)) == 0 && !strstr(path + strlen(root), "/work/");
}

static int at_path(int dir, const char *path) {
  char whole[2 * PATH_MAX];
  if (!plan || !path) return 0;
  if (path[0] == '/') return inside(path);
  if (dir == AT_FDCWD) {
    if (!getcwd(whole, PATH_MAX)) return 0;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    ssize_t length = readlink(link, whole, PATH_MAX - 1);
    if (length < 0) return 0;
    whole[length] = 0;
  }
  strcat(whole, "/");
  strncat(whole, path, PATH_MAX);
  return inside(whole);
}

static int at_file(int fd) {
  char link[64], whole[PATH_MAX];
  if (!plan) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, whole, PATH_MAX - 1);
  if (length < 0) return 0;
  whole[length] = 0;
  return inside(whole);
}

static void end(void) {
  plan->fired = 1;
  if (plan->action == KILL_SELF) kill(getpid(), SIGKILL);
  if (plan->action == KILL_LEADER) kill(getpgrp(), SIGKILL);
  if (plan->action == KILL_GROUP) kill(0, SIGKILL);
}

/* What is to be done about one change: how it is counted, and whether it is the chosen one. */
static int counted(char kind) {
  int64_t number = __sync_add_and_fetch(&plan->count, 1);
  if (number < KINDS) plan->kinds[number] = kind;
  if (plan->action == FAIL) return 0;
  if (number != plan->at) return 0;
  if (plan->moment == BEFORE) end();
  return 1;
}

/* Whether the disk refuses it. A full one still renames and removes. */
static int refused(char kind) {
  if (plan->action != FAIL || plan->at == 0 || plan->count < plan->at) return 0;
  if (plan->error == ENOSPC && strchr("ru", kind)) return 0;
  plan->fired = 1;
  errno = (int)plan->error;
  return 1;
}

#define NEXT(name, type) \
  static __typeof__(type) next; \
  if (!next) next = (__typeof__(next))dlsym(RTLD_NEXT, #name)

#define DO(inside, kind, call) \
  do { \
    if (!(inside)) return call; \
    int chosen = counted(kind); \
    if (refused(kind)) return -1; \
    __typeof__(call) done = call; \
    if (chosen && plan->moment != BEFORE) { int kept = errno; end(); errno = kept; } \
    return done; \
  } while (0)

#define MODE \
  mode_t mode = 0; \
  if (flags & (O_CREAT | __O_TMPFILE)) { \
    va_list more; \
    va_start(more, flags); \
    mode = va_arg(more, mode_t); \
    va_end(more); \
  }
#define CHANGES(flags) \
  (((flags) & (O_CREAT | O_TRUNC)) || ((flags) & __O_TMPFILE) == __O_TMPFILE || \
   ((flags) & O_ACCMODE) != O_RDONLY)

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    NEXT(name, int (*)(const char *, int, ...)); \
    MODE DO(CHANGES(flags) && at_path(AT_FDCWD, path), 'c', next(path, flags, mode)); \
  }
#define OPENAT(name) \
  int name(int dir, const char *path, int flags, ...) { \
    NEXT(name, int (*)(int, const char *, int, ...)); \
    MODE DO(CHANGES(flags) && at_path(dir, path), 'c', next(dir, path, flags, mode)); \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *content, size_t size) {
  NEXT(write, ssize_t (*)(int, const void *, size_t));
  if (!at_file(fd)) return next(fd, content, size);
  int chosen = counted('w');
  if (plan->action == FAIL && plan->count == plan->at && plan->error == ENOSPC && size > 1)
    return next(fd, content, size / 2); /* what still had room */
  if (refused('w')) return -1;
  ssize_t done = next(fd, content, chosen && plan->moment == HALF ? size / 2 : size);
  if (chosen && plan->moment != BEFORE) end();
  return done;
}

#define ON_FILE(name, kind) \
  int name(int fd) { \
    NEXT(name, int (*)(int)); \
    DO(at_file(fd), kind, next(fd)); \
  }
ON_FILE(fsync, 's')
ON_FILE(fdatasync, 's')

#define TRUNCATE(name, offset) \
  int name(int fd, offset size) { \
    NEXT(name, int (*)(int, offset)); \
    DO(at_file(fd), 't', next(fd, size)); \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define ON_PATH(name, kind) \
  int name(const char *path) { \
    NEXT(name, int (*)(const char *)); \
    DO(at_path(AT_FDCWD, path), kind, next(path)); \
  }
ON_PATH(unlink, 'u')
ON_PATH(rmdir, 'u')

int unlinkat(int dir, const char *path, int flags) {
  NEXT(unlinkat, int (*)(int, const char *, int));
  DO(at_path(dir, path), 'u', next(dir, path, flags));
}

int mkdir(const char *path, mode_t mode) {
  NEXT(mkdir, int (*)(const char *, mode_t));
  DO(at_path(AT_FDCWD, path), 'm', next(path, mode));
}

int rename(const char *from, const char *to) {
  NEXT(rename, int (*)(const char *, const char *));
  DO(at_path(AT_FDCWD, to), 'r', next(from, to));
}

int renameat(int from_dir, const char *from, int to_dir, const char *to) {
  NEXT(renameat, int (*)(int, const char *, int, const char *));
  DO(at_path(to_dir, to), 'r', next(from_dir, from, to_dir, to));
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  NEXT(clock_gettime, int (*)(clockid_t, struct timespec *));
  int done = next(clock, now);
  if (plan && clock == CLOCK_REALTIME) now->tv_sec += plan->clock;
  return done;
}
