// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/build/selection.h"

#include "src/common/mem.h"

#include <errno.h>
#include <libkmod.h>
#include <search.h>
#include <string.h>

struct search {
	struct kmod_ctx *ctx;
	const char *top;
	struct selection *found;
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

/* What a module says of itself. */
static int add_info(struct search *search, struct kmod_module *module)
{
	struct kmod_list *list = NULL, *item;
	int r = kmod_module_get_info(module, &list);

	if (r < 0)
		return fail_errno(search->f, -r, "can this machine's kmod unpack it?", "%s",
				  kmod_module_get_path(module) + strlen(search->top) + 1);
	r = 0;
	kmod_list_foreach (item, list) {
		const char *key = kmod_module_info_get_key(item);
		const char *value = kmod_module_info_get_value(item);

		if (r < 0)
			break;
		if (strcmp(key, "firmware") == 0 && !strv_has(search->found->firmware, value))
			strv_add(&search->found->firmware, xstrdup(value));
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
	strv_add(&search->found->names, STEAL(name));
	if (builtin)
		return 0;
	strv_add(&search->found->paths, xstrdup(path + strlen(search->top) + 1));
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

int selection_make(const char *modules, char *const *names, struct selection *ret,
		   struct failure *f)
{
	const char *no_config = NULL;
	struct selection found = { 0 };
	struct search search = { .ctx = kmod_new(modules, &no_config), .top = modules };
	int r = 0;

	if (!search.ctx)
		return fail_errno(f, ENOMEM, NULL, "kmod");
	search.found = &found;
	search.f = f;
	kmod_load_resources(search.ctx);
	for (; r == 0 && names && *names; names++)
		r = add_name(&search, *names);
	tdestroy(search.seen, nothing);
	kmod_unref(search.ctx);
	if (r < 0) {
		selection_done(&found);
		return r;
	}
	sort(found.paths);
	sort(found.firmware);
	sort(found.names);
	*ret = found;
	return 0;
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
