// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/plan/script.h"

#include "src/common/mem.h"
#include "src/common/url.h"
#include "src/testbox/plan/script_images.h"
#include "src/testbox/plan/script_words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Schedulers' scripts have some twenty lines; the kernel's line has 2047 bytes. */
#define LINES_MAX    10000
#define WORDS_MAX    4096 /* on a line */
#define EXPANDED_MAX (4 << 20)

struct reader {
	const char *base;
	struct variables *variables;
	struct boot_script script;
	struct script_images images;
	unsigned line, kernel_line; /* the current one, and that of `kernel` */
	size_t expanded;	    /* bytes of all words so far */
	bool has_end;
	bool says_no_job;
};

/* "--name NAME" or "--name=NAME", and what else has a meaning only on real machines. */
static int read_options(char ***words, const char **name, struct failure *f)
{
	*name = NULL;
	for (; **words && ***words == '-'; ++*words) {
		const char *word = **words;

		if (!strncmp(word, "--name=", 7)) {
			*name = word + 7;
		} else if (!strcmp(word, "--name") || !strcmp(word, "-n")) {
			*name = *++*words;
			if (!*name)
				return fail(f, EINVAL, NULL, "%s needs a name", word);
		} else if (strcmp(word, "--autofree") != 0 && strcmp(word, "-a") != 0) {
			return fail(f, EINVAL, NULL, "option '%s' is not known here", word);
		}
	}
	return **words && ***words ? 0 : fail(f, EINVAL, NULL, "a URL is missing");
}

static int do_initrd(struct reader *reader, char **words, struct failure *f)
{
	const char *name;

	words++;
	if (read_options(&words, &name, f) < 0)
		return -f->code;
	if (words[1])
		return fail(f, EINVAL, NULL, "an image with arguments ('%s') is not known here",
			    words[1]);
	return script_images_add(&reader->images, reader->base, name, words[0], f);
}

/* Without a name all of them, the kernel too. */
static int do_imgfree(struct reader *reader, char **words, struct failure *f)
{
	if (!words[1])
		script_images_done(&reader->images);
	for (words++; *words; words++) {
		struct script_image *image = script_images_find(&reader->images, *words);
		auto_free char *shown = url_shown(*words);

		if (!image)
			return fail(f, ENOENT, NULL, "there is no image '%s'", shown);
		script_images_drop(&reader->images, image);
	}
	return 0;
}

static int do_kernel(struct reader *reader, char **words, struct failure *f)
{
	struct script_images *images = &reader->images;
	struct script_image *image;
	const char *name;

	words++;
	if (read_options(&words, &name, f) < 0)
		return -f->code;
	image = script_images_find(images, words[0]);
	if (!image && script_images_add(images, reader->base, name, words[0], f) < 0)
		return -f->code;
	if (!image)
		image = &images->list[images->n - 1];
	script_images_choose(images, image);
	set_text(&reader->script.args, strv_join(words + 1, " "));
	reader->kernel_line = reader->line;
	return 0;
}

static int do_set(struct reader *reader, char **words, struct failure *f)
{
	auto_free char *value = NULL;

	if (!words[1] || !*words[1])
		return fail(f, EINVAL, NULL, "a name is missing");
	if (strchr(words[1], ':'))
		return fail(f, EINVAL, NULL, "'%s': a type is not known here", words[1]);
	if (!strcmp(words[0], "set"))
		value = strv_join(words + 2, " ");
	variables_set(reader->variables, words[1], value);
	return 0;
}

static int do_echo(struct reader *reader, char **words, struct failure *f)
{
	char *line = strv_join(words + 1, " ");

	(void)f;
	/* It goes to a terminal, which a server does not steer. */
	for (char *c = line; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	strv_add(&reader->script.echo, line);
	if (strstr(line, NO_JOB_TEXT))
		reader->says_no_job = true;
	return 0;
}

/* The machine's one network card is up: the launcher fetches, and its kernel asks for itself. */
static int do_dhcp(struct reader *reader, char **words, struct failure *f)
{
	(void)reader;
	(void)words;
	(void)f;
	return 0;
}

static int do_sleep(struct reader *reader, char **words, struct failure *f)
{
	unsigned seconds;

	if (!words[1] || words[2] || !script_number(*words[1] ? words[1] : "0", &seconds) ||
	    seconds > SCRIPT_PAUSE_MAX)
		return fail(f, EINVAL, NULL, "it takes a number of seconds up to %d",
			    SCRIPT_PAUSE_MAX);
	reader->script.pause += seconds;
	return reader->script.pause > SCRIPT_PAUSE_MAX ? fail(f, EINVAL, NULL, "too long a sleep")
						       : 0;
}

static int ends(struct reader *reader, enum boot_script_end end)
{
	reader->has_end = true;
	reader->script.end = end;
	return 0;
}

static int do_chain(struct reader *reader, char **words, struct failure *f)
{
	const char *name;

	words++;
	if (read_options(&words, &name, f) < 0)
		return -f->code;
	if (words[1])
		return fail(f, EINVAL, NULL, "a script with arguments ('%s') is not known here",
			    words[1]);
	if (reader->images.n)
		return fail(f, EINVAL, "chain before anything is fetched, or boot",
			    "what was fetched would be lost");
	if (url_resolve(reader->base, words[0], &reader->script.chain, f) < 0)
		return -f->code;
	return ends(reader, BOOT_SCRIPT_CHAIN);
}

static int do_boot(struct reader *reader, char **words, struct failure *f)
{
	if (words[1])
		return fail(f, EINVAL, "kernel, then boot", "an argument is not known here");
	if (!script_images_kernel(&reader->images))
		return fail(f, EINVAL, reader->kernel_line ? "imgfree has freed it" : NULL,
			    "no kernel was named before");
	return ends(reader, BOOT_SCRIPT_BOOT);
}

static int do_exit(struct reader *reader, char **words, struct failure *f)
{
	if (words[1] && *words[1] && strcmp(words[1], "0") != 0)
		return fail(f, EINVAL, NULL, "the script gives up with status %s", words[1]);
	return ends(reader, BOOT_SCRIPT_EXIT);
}

static int do_reboot(struct reader *reader, char **words, struct failure *f)
{
	(void)words;
	if (!reader->says_no_job)
		return fail(f, EINVAL, NULL, "it is known only where there is no job");
	return ends(reader, BOOT_SCRIPT_EXIT);
}

static const struct command {
	const char *name;
	int (*run)(struct reader *reader, char **words, struct failure *f);
	bool fetches; /* its words may be URLs */
} commands[] = {
	{ "boot", do_boot, .fetches = false },	    { "chain", do_chain, .fetches = true },
	{ "clear", do_set, .fetches = false },	    { "dhcp", do_dhcp, .fetches = false },
	{ "echo", do_echo, .fetches = false },	    { "exit", do_exit, .fetches = false },
	{ "imgfetch", do_initrd, .fetches = true }, { "imgfree", do_imgfree, .fetches = false },
	{ "initrd", do_initrd, .fetches = true },   { "kernel", do_kernel, .fetches = true },
	{ "reboot", do_reboot, .fetches = false },  { "set", do_set, .fetches = false },
	{ "sleep", do_sleep, .fetches = false },
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int fail_unknown(const char *name, struct failure *f)
{
	auto_free char *known = NULL, *hint = NULL;
	auto_strv char **names = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		strv_add(&names, xstrdup(commands[i].name));
	known = strv_join(names, ", ");
	hint = xasprintf("known are %s", known);
	return fail(f, ENOTSUP, hint, "'%s' is not known here", name);
}

/* What has no value is empty, as in iPXE, but a server without a name is no server. */
static int check_host(const struct variables *variables, const char *word, struct failure *f)
{
	auto_free char *name = NULL;
	int r = variables_unset_host(variables, word, &name, f);

	if (r == 0 && name)
		r = fail(f, EINVAL, "set it before",
			 "${%s} has no value here, and is the host of a URL", name);
	return r;
}

/* Runs one line that is no comment; the words are raw. */
static int run_line(struct reader *reader, char **raw, struct failure *f)
{
	const struct command *command = find_command(raw[0]);
	auto_strv_grown struct strv words = { 0 };
	int r;

	/* An older scheduler says it without the echo. */
	if (script_says_no_job(raw)) {
		reader->says_no_job = true;
		return 0;
	}
	if (!command)
		return fail_unknown(raw[0], f);
	for (; *raw; raw++) {
		char *word;

		if (!strcmp(*raw, "||") || !strcmp(*raw, "&&") || !strcmp(*raw, ";"))
			return fail(f, ENOTSUP, NULL, "%s: '%s' is not known here", command->name,
				    *raw);
		r = variables_expand(reader->variables, *raw, true, &word, f);
		if (r < 0)
			return r;
		strv_push(&words, word);
		reader->expanded += strlen(word);
		if (reader->expanded > EXPANDED_MAX)
			return fail(f, E2BIG, NULL, "the script's words expand to more than %d MiB",
				    EXPANDED_MAX >> 20);
		if (command->fetches && check_host(reader->variables, *raw, f) < 0)
			return -f->code;
	}
	r = command->run(reader, words.list, f);
	if (r < 0)
		failure_prefix(f, "%s", command->name);
	return r;
}

/* Takes initrd= out of the kernel's words; each must name an image of the script. */
static int settle_args(struct reader *reader, struct failure *f)
{
	struct boot_script *script = &reader->script;
	auto_strv char **words = strv_split(script->args, " ");
	auto_strv char **kept = NULL;

	for (size_t i = 0; words && words[i]; i++) {
		if (strncmp(words[i], "initrd=", 7) != 0)
			strv_add(&kept, xstrdup(words[i]));
		else if (!script_images_has_initrd(&reader->images, words[i] + 7))
			return fail(f, ENOENT, NULL,
				    "line %u: the kernel's %s names no image of the script",
				    reader->kernel_line, words[i]);
	}
	set_text(&script->args, strv_join(kept, " "));
	if (strlen(script->args) > KERNEL_LINE_MAX)
		return fail(
			f, E2BIG, NULL,
			"line %u: the kernel's command line has %zu bytes, and the kernel reads %d",
			reader->kernel_line, strlen(script->args), KERNEL_LINE_MAX);
	return 0;
}

/* The folder that job.cgz lies in. */
static char *job_id_of(const char *url)
{
	auto_free char *name = url_basename(url), *above = NULL;
	const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
	const char *folder;

	if (strcmp(name, "job.cgz") != 0 || !path)
		return NULL;
	above = xstrndup(path, (size_t)(strstr(path, "/job.cgz") - path));
	folder = strrchr(above, '/');
	return folder && script_is_job_id(folder + 1) ? xstrdup(folder + 1) : NULL;
}

static int settle(struct reader *reader, struct failure *f)
{
	struct boot_script *script = &reader->script;

	if (reader->says_no_job && !(reader->has_end && script->end == BOOT_SCRIPT_BOOT)) {
		script->end = BOOT_SCRIPT_NO_JOB;
		return 0;
	}
	if (!reader->has_end)
		return fail(f, EINVAL, "iPXE would fetch and not boot",
			    "line %u: the script has no boot", reader->line);
	if (script->end != BOOT_SCRIPT_BOOT)
		return 0;
	for (size_t i = 0; i < reader->images.n; i++) {
		const struct script_image *image = &reader->images.list[i];

		/* All that was fetched, but for the kernel itself, is an initrd to Linux. */
		if (image->kernel) {
			script->kernel = xstrdup(image->url);
			continue;
		}
		strv_add(&script->initrds, xstrdup(image->url));
		if (!script->job_id)
			script->job_id = job_id_of(image->url);
	}
	return settle_args(reader, f);
}

static int read_line(struct reader *reader, const struct script_lines *lines, struct failure *f)
{
	auto_strv char **words = NULL;
	int r;

	reader->line = lines->number;
	if (lines->next > LINES_MAX)
		return fail(f, E2BIG, NULL, "the script has more than %d lines", LINES_MAX);
	r = script_wish(lines->line, &reader->script.wishes, f);
	if (r == 0)
		words = script_words(lines->line);
	if (r == 0 && strv_len(words) > WORDS_MAX)
		return fail(f, E2BIG, NULL, "the line has more than %d words", WORDS_MAX);
	return r == 0 && words ? run_line(reader, words, f) : r;
}

static void reader_done(struct reader *reader)
{
	script_images_done(&reader->images);
	boot_script_done(&reader->script);
}

int script_read(const char *text, const char *base, struct variables *variables,
		struct boot_script *ret, struct failure *f)
{
	struct reader reader = { .base = base, .variables = variables };
	struct script_lines lines = { .rest = text };
	int r = script_check_magic(text, f);

	if (r < 0)
		failure_prefix(f, "line 1");
	while (r == 0 && !reader.has_end && script_next_line(&lines)) {
		r = read_line(&reader, &lines, f);
		if (r < 0)
			failure_prefix(f, "line %u", lines.number);
	}
	script_lines_done(&lines);
	if (r == 0)
		r = settle(&reader, f);
	if (r == 0) {
		*ret = reader.script;
		reader.script = (struct boot_script){ 0 };
	}
	reader_done(&reader);
	return r;
}
