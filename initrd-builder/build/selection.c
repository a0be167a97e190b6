// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/selection.h"

#include "initrd-builder/base/path.h"
#include "src/common/interrupt.h"
#include "src/common/jail.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <search.h>
#include <string.h>

#define TOP	   "/proc/self/cwd" /* the modules' directory, in the jail */
#define CPU_S	   120
#define MEMORY	   ((uint64_t)1 << 30)
#define ANSWER_MAX ((size_t)16 << 20)

struct search {
	struct kmod_ctx *ctx;
	struct strv paths, firmware, names;
	void *seen; /* the names, of tsearch(3) */
	struct failure *f;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int by_item(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_module(struct search *search, struct kmod_module *module);

static int add_name(struct search *search, const char *name)
{
	struct kmod_list *list = NULL, *item;
	int r = kmod_module_new_from_lookup(search->ctx, name, &list);

	/* What is no name of a module is none that the kernel has. */
	if (r == -EINVAL)
		r = 0;
	if (r < 0)
		return fail_errno(search->f, -r, NULL, "looking for the module %s", name);
	kmod_list_foreach (item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		if (r >= 0)
			r = add_module(search, module);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return r < 0 ? r : 0;
}

/* "pre: a b post: c" */
static int add_softdep(struct search *search, const char *value)
{
	auto_strv char **words = strv_split(value, " \t");
	int r = 0;

	for (char **word = words; r == 0 && word && *word; word++) {
		if ((*word)[strlen(*word) - 1] != ':')
			r = add_name(search, *word);
	}
	return r;
}

/* libkmod unpacks a whole module into memory, of which the jail has a limit. */
static int fail_info(const struct search *search, const struct kmod_module *module, int code)
{
	const char *path = kmod_module_get_path(module) + strlen(TOP) + 1;

	if (code == ENOMEM)
		return fail(search->f, EFBIG, "no real module does: remove it or install it again",
			    "%s: it takes more than %d MiB of memory to unpack", path,
			    (int)(MEMORY >> 20));
	return fail_errno(search->f, code, "can this machine's kmod unpack it?", "%s", path);
}

/* What a module says of itself. */
static int add_info(struct search *search, struct kmod_module *module)
{
	struct kmod_list *list = NULL, *item;
	int r = kmod_module_get_info(module, &list);

	if (r < 0)
		return fail_info(search, module, -r);
	r = 0;
	kmod_list_foreach (item, list) {
		const char *key = kmod_module_info_get_key(item);
		const char *value = kmod_module_info_get_value(item);

		if (r < 0)
			break;
		if (strcmp(key, "firmware") == 0 && !strv_has(search->firmware.list, value))
			strv_push(&search->firmware, xstrdup(value));
		else if (strcmp(key, "softdep") == 0 || strcmp(key, "weakdep") == 0)
			r = add_softdep(search, value);
	}
	kmod_module_info_free_list(list);
	return r;
}

static int add_dependencies(struct search *search, struct kmod_module *module)
{
	struct kmod_list *list = kmod_module_get_dependencies(module), *item;
	int r = 0;

	kmod_list_foreach (item, list) {
		struct kmod_module *other = kmod_module_get_module(item);

		if (r == 0)
			r = add_module(search, other);
		kmod_module_unref(other);
	}
	kmod_module_unref_list(list);
	return r;
}

static int add_module(struct search *search, struct kmod_module *module)
{
	const char *path = kmod_module_get_path(module);
	auto_free char *name = xstrdup(kmod_module_get_name(module));
	bool builtin = !path && kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN;
	char **entry;
	int r;

	if (!path && !builtin)
		return 0;
	entry = tsearch(name, &search->seen, by_text);
	if (!entry)
		abort(); /* of memory: see common/mem.h */
	if (*entry != name)
		return 0;
	strv_push(&search->names, STEAL(name));
	if (builtin)
		return 0;
	strv_push(&search->paths, xstrdup(path + strlen(TOP) + 1));
	r = add_info(search, module);
	return r < 0 ? r : add_dependencies(search, module);
}

static void nothing(void *name)
{
	(void)name; /* it is the list's */
}

static void sort(char **list)
{
	if (list)
		qsort(list, strv_len(list), sizeof(*list), by_item);
}

/* Kind and text of each, with a NUL behind it. */
static void put_list(FILE *answer, char kind, const struct strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		fputc(kind, answer);
		fwrite(list->list[i], 1, strlen(list->list[i]) + 1, answer);
	}
}

static int search_work(void *arg, FILE *answer, struct failure *f)
{
	const char *no_config = NULL;
	struct search search = { .ctx = kmod_new(TOP, &no_config), .f = f };
	int r = 0;

	if (!search.ctx)
		return fail_errno(f, ENOMEM, NULL, "kmod");
	kmod_load_resources(search.ctx);
	for (char *const *names = arg; r == 0 && names && *names; names++)
		r = add_name(&search, *names);
	put_list(answer, 'p', &search.paths);
	put_list(answer, 'f', &search.firmware);
	put_list(answer, 'n', &search.names);
	tdestroy(search.seen, nothing);
	kmod_unref(search.ctx);
	strv_done(&search.paths);
	strv_done(&search.firmware);
	strv_done(&search.names);
	return r;
}

static void read_answer(const char *answer, size_t len, struct selection *ret)
{
	struct strv paths = { 0 }, firmware = { 0 }, names = { 0 };

	for (size_t i = 0; i < len; i += strlen(answer + i) + 1) {
		const char *text = answer + i + 1;

		if (answer[i] == 'p' && !path_has_dotdot(text))
			strv_push(&paths, xstrdup(text));
		else if (answer[i] == 'f')
			strv_push(&firmware, xstrdup(text));
		else if (answer[i] == 'n')
			strv_push(&names, xstrdup(text));
	}
	*ret = (struct selection){ .paths = paths.list,
				   .firmware = firmware.list,
				   .names = names.list };
	sort(ret->paths);
	sort(ret->firmware);
	sort(ret->names);
}

int selection_make(const char *modules, char *const *names, struct selection *ret,
		   struct failure *f)
{
	auto_close int dir = open(modules, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_free char *answer = NULL;
	size_t len;
	int r;

	if (dir < 0)
		return fail_errno(f, errno, NULL, "%s", modules);
	r = run_jailed(&(struct jail){ .name = "the modules",
				       .work = search_work,
				       .arg = (void *)names,
				       .dir = dir,
				       .opens = true,
				       .memory = MEMORY,
				       .cpu_s = CPU_S,
				       .answer_max = ANSWER_MAX,
				       .stop = &interrupted },
		       &answer, &len, f);
	if (r == 0)
		read_answer(answer, len, ret);
	return r;
}

void selection_done(struct selection *selection)
{
	strv_free(selection->paths);
	strv_free(selection->firmware);
	strv_free(selection->names);
	*selection = (struct selection){ 0 };
}

bool selection_has(const struct selection *selection, const char *name)
{
	return strv_has(selection->names, name);
}
