// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/download.h"

#include "src/common/clock.h"
#include "src/common/mem.h"
#include "src/common/pause.h"
#include "src/common/url.h"
#include "src/testbox/download/download_cache_evict.h"
#include "src/testbox/download/download_show.h"
#include "src/testbox/download/download_transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define CACHE_BYTES  (20ull << 30)
#define CACHE_DAYS   30
#define SCRIPT_BYTES (20ull << 30)
#define PATIENCE     90
#define DEADLINE     3600
#define PAUSE_MOST   10.0
#define CONNECTIONS  8L

struct downloads {
	struct download_transfer *transfers;
	size_t n;
	size_t done;
	struct download_options options;
	struct download_cache cache;
	struct download_room room;
	CURLM *multi;
	struct download_show show;
	uint64_t began_at; /* nanoseconds since 1970, as the cache counts */
	double began;
};

static void complete(struct downloads *downloads, struct download_transfer *transfer)
{
	transfer->state = TRANSFER_DONE;
	downloads->done++;
	download_show_done(&downloads->show, transfer, pause_clock());
	download_transfer_stop(transfer);
	download_cache_unlock(&transfer->entry);
}

/* A file of this host is no download. `fd`: it is open already; -1: not. */
static int open_local(struct download_transfer *transfer, int fd, const char *path,
		      struct failure *f)
{
	struct stat st;

	transfer->whole = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3)
				  : open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (transfer->whole < 0)
		return fail_errno(f, errno, NULL, "%s", path);
	if (fstat(transfer->whole, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(f, EINVAL, NULL, "%s: it is no file", path);
	if (st.st_size == 0)
		return fail(f, ENODATA, NULL, "%s: it is empty", path);
	transfer->state = TRANSFER_DONE;
	return 0;
}

/* Did the server say, to whichever process, what is current since we were asked for it? */
static bool is_current(const struct downloads *downloads, const struct download_transfer *transfer)
{
	return transfer->whole >= 0 && transfer->entry.asked_at >= downloads->began_at &&
	       transfer->entry.asked_at <= clock_wall_ns();
}

/* Moves one that waits on, if it is time to. */
static int advance(struct downloads *downloads, struct download_transfer *transfer, double now,
		   struct failure *f)
{
	int r;

	if (transfer->state != TRANSFER_WAITS || now < transfer->next_try)
		return 0;
	if (!transfer->entry.url) {
		r = download_cache_lock(&downloads->cache, transfer->url, &transfer->entry, f);
		if (r <= 0)
			return r;
		transfer->began = transfer->got_on = now;
		transfer->whole = download_cache_file(&downloads->cache, &transfer->entry);
		if (is_current(downloads, transfer)) {
			transfer->from_cache = true;
			complete(downloads, transfer);
			return 0;
		}
	}
	r = download_transfer_start(transfer, f);
	if (r < 0)
		return r;
	transfer->state = TRANSFER_RUNS;
	curl_multi_add_handle(downloads->multi, transfer->easy);
	return 0;
}

/* One attempt ended. */
static int attempt_ended(struct downloads *downloads, struct download_transfer *transfer,
			 CURLcode code, struct failure *f)
{
	auto_failure struct failure why = { 0 };
	enum transfer_verdict verdict;
	double now = pause_clock(), pause;

	curl_multi_remove_handle(downloads->multi, transfer->easy);
	verdict = download_transfer_finish(transfer, code, &why);
	if (verdict == VERDICT_DONE) {
		complete(downloads, transfer);
		return 0;
	}
	if (transfer->part_size > transfer->farthest) {
		transfer->farthest = transfer->part_size;
		transfer->failed = 0;
		transfer->got_on = now;
	}
	pause = pause_after(++transfer->failed, PAUSE_MOST);
	transfer->state = TRANSFER_WAITS;
	transfer->next_try = now + pause;
	download_transfer_stop(transfer);
	if (verdict == VERDICT_FAILED)
		return fail(f, why.code, why.hint, "%s", why.what);
	if (transfer->next_try - transfer->got_on > downloads->options.patience)
		return fail(f, why.code, why.hint, "%s, for %u seconds", why.what,
			    downloads->options.patience);
	download_show_again(&downloads->show, &why, pause);
	return 0;
}

static int take_results(struct downloads *downloads, struct failure *f)
{
	CURLMsg *message;
	int left, r = 0;

	while (r == 0 && (message = curl_multi_info_read(downloads->multi, &left))) {
		struct download_transfer *transfer;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		r = attempt_ended(downloads, transfer, message->data.result, f);
	}
	return r;
}

static int run(struct downloads *downloads, const volatile sig_atomic_t *stop, struct failure *f)
{
	int running, r = 0;

	while (r == 0 && downloads->done < downloads->n) {
		double now = pause_clock();

		if (stop && *stop)
			return fail(f, EINTR, NULL, "the downloads were interrupted");
		if (now - downloads->began > downloads->options.deadline)
			return fail(f, ETIMEDOUT, NULL, "the downloads were not done in %u seconds",
				    downloads->options.deadline);
		for (size_t i = 0; r == 0 && i < downloads->n; i++)
			r = advance(downloads, &downloads->transfers[i], now, f);
		if (r < 0 || downloads->done == downloads->n)
			break;
		if (curl_multi_perform(downloads->multi, &running) != CURLM_OK)
			return fail(f, EIO, NULL, "libcurl does not go on");
		r = take_results(downloads, f);
		download_show_bars(&downloads->show, downloads->transfers, downloads->n, now);
		if (r == 0 && downloads->done < downloads->n)
			curl_multi_poll(downloads->multi, NULL, 0, 100, NULL);
	}
	return r;
}

static int begin(struct downloads *downloads, const struct download *list, struct failure *f)
{
	for (size_t i = 0; i < downloads->n; i++) {
		struct download_transfer *transfer = &downloads->transfers[i];
		auto_free char *path = url_file(list[i].url);

		transfer->options = &downloads->options;
		transfer->cache = &downloads->cache;
		transfer->room = &downloads->room;
		transfer->url = list[i].url;
		transfer->shown = url_shown(list[i].url);
		if (path && open_local(transfer, list[i].fd, path, f) < 0)
			return -f->code;
		downloads->done += path != NULL;
	}
	if (downloads->done == downloads->n)
		return 0;
	downloads->multi = curl_multi_init();
	if (!downloads->multi)
		return fail(f, ENOMEM, NULL, "libcurl does not start");
	curl_multi_setopt(downloads->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS);
	return download_cache_open(&downloads->cache, downloads->options.cache, f);
}

static void fill_in(struct download_options *options)
{
	options->cache_bytes = options->cache_bytes ? options->cache_bytes : CACHE_BYTES;
	options->cache_days = options->cache_days ? options->cache_days : CACHE_DAYS;
	options->script_bytes = options->script_bytes ? options->script_bytes : SCRIPT_BYTES;
	options->patience = options->patience ? options->patience : PATIENCE;
	options->deadline = options->deadline ? options->deadline : DEADLINE;
}

/* Of a script that cannot be run, nothing takes room; an interrupted one may be run again. */
static void drop_parts(struct downloads *downloads)
{
	for (size_t i = 0; i < downloads->n; i++) {
		struct download_transfer *transfer = &downloads->transfers[i];

		if (!transfer->entry.url)
			continue;
		if (transfer->state == TRANSFER_RUNS)
			curl_multi_remove_handle(downloads->multi, transfer->easy);
		download_transfer_stop(transfer);
		download_cache_part_drop(&downloads->cache, &transfer->entry);
		transfer->state = TRANSFER_WAITS;
	}
}

static void downloads_done(struct downloads *downloads)
{
	for (size_t i = 0; i < downloads->n; i++) {
		struct download_transfer *transfer = &downloads->transfers[i];

		if (transfer->state == TRANSFER_RUNS)
			curl_multi_remove_handle(downloads->multi, transfer->easy);
		download_transfer_end(transfer);
	}
	free(downloads->transfers);
	if (downloads->multi)
		curl_multi_cleanup(downloads->multi);
	download_cache_close(&downloads->cache);
}

int download_all(struct download *list, size_t n, const struct download_options *options,
		 const volatile sig_atomic_t *stop, struct failure *f)
{
	struct downloads downloads = {
		.transfers = xcalloc(n ? n : 1, sizeof(struct download_transfer)),
		.n = n,
		.options = *options,
		.began_at = clock_wall_ns(),
		.began = pause_clock(),
	};
	int r;

	for (size_t i = 0; i < n; i++)
		downloads.transfers[i].whole = -1;
	fill_in(&downloads.options);
	downloads.room.cache = &downloads.cache;
	downloads.room.most = downloads.options.script_bytes;
	download_show_begin(&downloads.show, options->quiet);
	r = begin(&downloads, list, f);
	if (r == 0)
		r = run(&downloads, stop, f);
	download_show_end(&downloads.show);
	for (size_t i = 0; r == 0 && i < n; i++)
		list[i].fd = steal_fd(&downloads.transfers[i].whole);
	if (r < 0 && r != -EINTR)
		drop_parts(&downloads);
	if (downloads.cache.path)
		download_cache_evict(&downloads.cache, downloads.options.cache_bytes,
				     downloads.options.cache_days);
	downloads_done(&downloads);
	return r;
}
