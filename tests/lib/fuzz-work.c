/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked to every fuzzer: an input that takes too much time of the processor is a finding, as a
 * crash is. Some inputs are repeated until they are large. Where twice the input takes much more
 * than twice the time, a reader is not linear, and a few bytes are enough to find that.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LARGE  (8 << 10) /* bytes of a repeated input, at most */
#define SMALL  1024	 /* an input of no more bytes is repeated: … */
#define FIRST  16  /* … so many at first, which are the fixtures, and what is looked into … */
#define EVERY  512 /* … and then one of so many, where FUZZ_SECONDS is LONG_S at least */
#define LONG_S 30
#define TRIES  3    /* the fastest counts: the machine has other work too */
#define MS     2000 /* that any input may take */
#define LOW_MS 400  /* in less time, nothing shows how it grows */
#define GROWTH 3    /* times the time of half the input: 2 is linear, 4 is a square */

/* A fuzzer of archives defines these otherwise: what an input may take, and how large one becomes.
 */
extern const unsigned fuzz_ms, fuzz_large;
__attribute__((weak)) const unsigned fuzz_ms = MS, fuzz_large = LARGE;

int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Returns the time that an input takes, in µs; tries again as long as it is more than `most`. */
static uint64_t measure(const uint8_t *data, size_t size, uint64_t most)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < TRIES && least > most; i++) {
		uint64_t began = now_us(), took;

		__real_LLVMFuzzerTestOneInput(data, size);
		took = now_us() - began;
		least = took < least ? took : least;
	}
	return least;
}

static void found(size_t size, uint64_t took, uint64_t most)
{
	fprintf(stderr, "ERROR: too much work: %zu bytes of input take %llu ms, more than %llu\n",
		size, (unsigned long long)took / 1000, (unsigned long long)most / 1000);
	abort();
}

static void check_growth(const uint8_t *data, size_t size)
{
	uint64_t whole = measure(data, size, LOW_MS * 1000), half;

	if (whole > fuzz_ms * 1000ull)
		found(size, whole, fuzz_ms * 1000ull);
	if (whole <= LOW_MS * 1000)
		return;
	half = measure(data, size / 2, 0);
	if (whole > half * GROWTH)
		found(size, whole, half * GROWTH);
}

static void repeat(const uint8_t *data, size_t size)
{
	uint8_t *large = malloc(LARGE);
	size_t len = 0;

	if (!large)
		abort();
	for (; len + size <= fuzz_large; len += size)
		memcpy(large + len, data, size);
	check_growth(large, len);
	free(large);
}

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned n;
	const char *seconds = getenv("FUZZ_SECONDS");
	bool more = seconds && atoi(seconds) >= LONG_S && n % EVERY == 0;
	uint64_t took = measure(data, size, fuzz_ms * 1000ull);

	if (took > fuzz_ms * 1000ull)
		found(size, took, fuzz_ms * 1000ull);
	if (size && size <= SMALL && size <= fuzz_large / 2 && (n < FIRST || more))
		repeat(data, size);
	n++;
	return 0;
}
