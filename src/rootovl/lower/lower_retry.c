// SPDX-License-Identifier: GPL-2.0-or-later
/* Repeats an attempt after temporary errors, and reports it on the console. */
#include "src/rootovl/lower/lower_retry.h"

#include "src/common/clock.h"
#include "src/common/connect.h"
#include "src/common/log.h"
#include "src/common/pause.h"
#include "src/rootovl/lower/network.h"
#include "src/rootovl/machine/events.h"
#include "src/rootovl/plan/plan.h"

#define RETRY_MS    250	  /* the first pause between two tries; it doubles … */
#define RETRY_MAX   2000  /* … up to this */
#define PROGRESS_MS 10000 /* between two progress lines on the console */

int lower_retry(struct boot *boot, lower_attempt attempt, const void *arg, struct failure *f)
{
	auto_close int listener = network_listen();
	uint64_t started = clock_ms(), said = started;
	unsigned failures = 0;

	for (;;) {
		int r = attempt(boot, arg, f);
		uint64_t now = clock_ms();

		if (r >= 0 || !connect_heals(-r))
			return r;
		if (now >= boot->deadline)
			return fail(f, -r, f->hint, "%s, for %llu s", f->what,
				    (unsigned long long)(now - started) / 1000);
		if (now - said >= PROGRESS_MS) {
			said = now;
			log_console(LOG_NOTICE, "waiting for %s (%llu of %u s)", f->what,
				    (unsigned long long)(now - started) / 1000,
				    boot->plan->settings.timeout);
		}
		events_wait(listener, pause_doubled(++failures, RETRY_MS, RETRY_MAX));
	}
}
