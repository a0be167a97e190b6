// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/personality.h"

#include "src/common/mem.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define HOSTNAME	"/etc/hostname"
#define SHADOW		"/etc/shadow"
#define SHADOW_SIZE_MAX (1 << 20)
#define HOSTNAME_LEN	64  /* HOST_NAME_MAX */
#define PASSWORD_LEN	384 /* CRYPT_OUTPUT_SIZE */

/* hostname(5), as systemd takes it. */
static bool is_hostname(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > HOSTNAME_LEN || !isalnum((unsigned char)text[0]))
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-._", *c))
			return false;
	return true;
}

static bool is_address(const char *text)
{
	const char *slash = strchr(text, '/');
	auto_free char *host = slash ? xstrndup(text, (size_t)(slash - text)) : NULL;
	unsigned char bytes[16];
	unsigned long prefix, most = 32;

	if (!slash || inet_pton(AF_INET, host, bytes) != 1) {
		most = 128;
		if (!slash || inet_pton(AF_INET6, host, bytes) != 1)
			return false;
	}
	prefix = strtoul(slash + 1, NULL, 10);
	return slash[1] && strlen(slash) <= 4 &&
	       strspn(slash + 1, "0123456789") == strlen(slash + 1) && prefix > 0 && prefix <= most;
}

/* crypt(5): "$ID$…" of these letters; never a plain text, and never what ends a field. */
static bool is_hash(const char *text)
{
	size_t len = strlen(text);

	if (len < 8 || len > PASSWORD_LEN || text[0] != '$')
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("./$=,+-", *c))
			return false;
	return true;
}

static const struct key {
	const char *name;
	bool (*valid)(const char *text);
	size_t field;
} keys[] = {
	{ "hostname=", is_hostname, offsetof(struct personality_facts, hostname) },
	{ "ip=", is_address, offsetof(struct personality_facts, address) },
	{ "password=", is_hash, offsetof(struct personality_facts, password) },
};

static int take_line(struct personality_facts *ret, const char *line, size_t number,
		     struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = line + strlen(keys[i].name);
		char **field = (char **)((char *)ret + keys[i].field);

		if (strncmp(line, keys[i].name, strlen(keys[i].name)) != 0)
			continue;
		if (*field || !keys[i].valid(value))
			return fail(f, EINVAL, NULL, "line %zu: %s: %s", number, keys[i].name,
				    *field ? "said twice" : "bad value");
		*field = xstrdup(value);
		return 0;
	}
	return fail(f, EINVAL, "hostname=, ip= and password= are known", "line %zu: unknown",
		    number);
}

int personality_take(struct personality_facts *ret, const char *text, struct failure *f)
{
	auto_strv char **lines = strv_split(text, "\n");
	int r = 0;

	*ret = (struct personality_facts){ 0 };
	for (size_t i = 0; r == 0 && lines && lines[i]; i++)
		r = take_line(ret, lines[i], i + 1, f);
	if (r == 0 && !lines)
		return fail(f, ENODATA, NULL, "it is empty");
	return r;
}

void personality_free(struct personality_facts *facts)
{
	if (facts->password)
		explicit_bzero(facts->password, strlen(facts->password));
	free(facts->hostname);
	free(facts->address);
	free(facts->password);
	*facts = (struct personality_facts){ 0 };
}

int personality_shadow(const char *shadow, const char *password, char **ret)
{
	const char *line = shadow, *hash, *rest;

	while (strncmp(line, "root:", 5) != 0) {
		line = strchr(line, '\n');
		if (!line || !*++line)
			return -ENOENT;
	}
	hash = line + 5;
	rest = hash + strcspn(hash, ":\n");
	*ret = xasprintf("%.*s%s%s", (int)(hash - shadow), shadow, password, rest);
	return 0;
}

static int set_password(struct newroot *nr, const char *password, struct failure *f)
{
	auto_free char *text = NULL, *changed = NULL;
	struct stat st;
	size_t len;
	int r = newroot_read(nr, SHADOW, SHADOW_SIZE_MAX, &text, &len);

	if (r == 0)
		r = newroot_stat(nr, SHADOW, true, &st);
	if (r == 0 && strlen(text) != len)
		r = -EINVAL;
	if (r == 0)
		r = personality_shadow(text, password, &changed);
	if (r < 0)
		return fail_errno(f, -r, "a password can be given to a root that has a user root",
				  SHADOW);
	return newroot_replace(nr, SHADOW, changed, strlen(changed), &st, f);
}

int personality_apply(struct newroot *nr, const struct personality_facts *facts, struct failure *f)
{
	int r = 0;

	if (facts->hostname) {
		auto_free char *line = xasprintf("%s\n", facts->hostname);

		r = newroot_write(nr, HOSTNAME, line, strlen(line), 0644, f);
	}
	if (r == 0 && facts->password)
		r = set_password(nr, facts->password, f);
	return r;
}
