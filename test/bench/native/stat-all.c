/*
 * lstat of every folder below ROOT and of every file in them, side by side on threads: what looking at all of
 * them costs at the least. Prints the median of some rounds, in milliseconds.
 *
 *   stat-all ROOT THREADS
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { rounds = 5, most_threads = 64 };

static char **paths;
static size_t path_count, path_room;
static size_t thread_count;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void add_path(const char *folder, const char *name) {
  if (path_count == path_room) {
    path_room = path_room == 0 ? 1024 : path_room * 2;
    paths = realloc(paths, path_room * sizeof *paths);
    if (paths == NULL) fail("realloc");
  }
  if (asprintf(&paths[path_count], "%s/%s", folder, name) < 0) fail("asprintf");
  path_count += 1;
}

static void add_entries(const char *folder) {
  DIR *entries = opendir(folder);
  if (entries == NULL) fail(folder);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (entry->d_name[0] != '.') add_path(folder, entry->d_name);
  }
  closedir(entries);
}

static void *stat_share(void *first) {
  struct stat status;
  for (size_t index = (size_t)first; index < path_count; index += thread_count) {
    if (lstat(paths[index], &status) != 0) fail(paths[index]);
  }
  return NULL;
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double stat_all_ms(void) {
  pthread_t threads[most_threads];
  double began = now_ms();
  for (size_t index = 0; index < thread_count; index += 1) {
    if (pthread_create(&threads[index], NULL, stat_share, (void *)index) != 0) fail("pthread_create");
  }
  for (size_t index = 0; index < thread_count; index += 1) pthread_join(threads[index], NULL);
  return now_ms() - began;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(int count, char **given) {
  if (count != 3) return fprintf(stderr, "usage: %s ROOT THREADS\n", given[0]), 2;
  thread_count = strtoul(given[2], NULL, 10);
  if (thread_count < 1 || thread_count > most_threads) return 2;
  add_entries(given[1]);
  size_t folder_count = path_count;
  for (size_t index = 0; index < folder_count; index += 1) add_entries(paths[index]);
  double took_ms[rounds];
  for (int round = 0; round < rounds; round += 1) took_ms[round] = stat_all_ms();
  qsort(took_ms, rounds, sizeof *took_ms, ascending);
  printf("%.3f\n", took_ms[rounds / 2]);
}
