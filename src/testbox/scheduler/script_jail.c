// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/scheduler/script_jail.h"

#include "src/common/jail.h"
#include "src/common/mem.h"
#include "src/common/packed.h"
#include "src/testbox/plan/script.h"
#include "src/testbox/plan/script_packed.h"

#include <errno.h>

/* A script of 1 MiB whose words grow to the 4 MiB that they may have takes a second. */
#define CPU_S	   20
#define ANSWER_MAX (32 << 20)

struct text {
	const char *data, *base;
	size_t len;
	struct variables *variables;
};

static int read_script(void *arg, FILE *answer, struct failure *f)
{
	const struct text *text = arg;
	struct boot_script script = { 0 };
	int r = script_read(text->data, text->base, text->variables, &script, f);

	if (r == 0)
		script_packed_put(answer, &script, text->variables);
	boot_script_done(&script);
	return r;
}

static int read_frame(void *arg, FILE *answer, struct failure *f)
{
	const struct text *text = arg;
	struct frame frame = { 0 };
	int r = frame_read(text->data, text->len, &frame, f);

	if (r == 0) {
		packed_put_number(answer, frame.kind);
		packed_put(answer, frame.text);
	}
	frame_done(&frame);
	return r;
}

static int run(const char *name, int (*work)(void *arg, FILE *answer, struct failure *f),
	       struct text *text, const volatile sig_atomic_t *stop, char **ret, size_t *ret_len,
	       struct failure *f)
{
	return run_jailed(&(struct jail){ .name = name,
					  .work = work,
					  .arg = text,
					  .cpu_s = CPU_S,
					  .answer_max = ANSWER_MAX,
					  .stop = stop },
			  ret, ret_len, f);
}

int script_jail_read(const char *data, const char *shown, const char *base,
		     struct variables *variables, const volatile sig_atomic_t *stop,
		     struct boot_script *ret, struct failure *f)
{
	struct text text = { .data = data, .base = base, .variables = variables };
	auto_free char *answer = NULL;
	size_t len;
	int r = run("the script", read_script, &text, stop, &answer, &len, f);

	if (r == 0)
		r = script_packed_take(answer, len, base, variables, ret, f);
	if (r < 0 && r != -EINTR)
		failure_prefix(f, "%s", shown);
	return r;
}

int script_jail_frame(const char *data, size_t len, const volatile sig_atomic_t *stop,
		      struct frame *ret, struct failure *f)
{
	struct text text = { .data = data, .len = len };
	struct packed packed = { 0 };
	auto_free char *answer = NULL;
	struct frame frame;
	int r = run("the scheduler's message", read_frame, &text, stop, &answer, &packed.left, f);

	if (r < 0)
		return r;
	packed.at = answer;
	frame.kind = (enum frame_kind)packed_number(&packed, FRAME_ANSWER);
	frame.text = packed_text(&packed);
	if (packed_is_whole(&packed) && (frame.text || frame.kind == FRAME_CLOSE)) {
		*ret = frame;
		return 0;
	}
	frame_done(&frame);
	return fail(f, EPROTO, NULL, "the scheduler's message: what read it gave no answer");
}
