// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/personality.h"

#include "src/common/files.h"
#include "src/common/jail.h"
#include "src/common/mem.h"
#include "src/testbox/plan/host.h"
#include "src/testbox/plan/machine_plan.h"

#include <archive.h>
#include <archive_entry.h>
#include <arpa/inet.h>
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_FILE_MAX 4096
#define ISO_MAX		  (16 << 20)
#define ISO_CPU_S	  10

bool personality_is(const struct personality *personality)
{
	return personality->hostname || personality->ip || personality->password;
}

static int wrong(struct failure *f, const char *what)
{
	return fail(f, EINVAL, "hostname=NAME,ip=ADDRESS[/PREFIX],password-file=FILE",
		    "--personality: %s", what);
}

static int set_hostname(struct personality *personality, char *value, struct failure *f)
{
	if (!host_name_valid(value))
		return wrong(f, "no hostname");
	personality->hostname = xstrdup(value);
	return 0;
}

static int set_ip(struct personality *personality, char *value, struct failure *f)
{
	char *slash = strchr(value, '/'), *end = NULL;
	unsigned char address[16];
	unsigned long prefix, whole;
	bool v4;

	if (slash)
		*slash = '\0';
	v4 = inet_pton(AF_INET, value, address) == 1;
	if (!v4 && inet_pton(AF_INET6, value, address) != 1)
		return wrong(f, "no IP address");
	whole = v4 ? 32 : 128;
	prefix = slash ? strtoul(slash + 1, &end, 10) : whole;
	if (slash && (!slash[1] || strspn(slash + 1, "0123456789") != strlen(slash + 1) ||
		      prefix == 0 || prefix > whole))
		return wrong(f, "no prefix of an IP address");
	personality->ip = xasprintf("%s/%lu", value, prefix);
	return 0;
}

/* yescrypt(5), with the library's own cost; wipes the password. */
static int set_password(struct personality *personality, char *value, struct failure *f)
{
	struct crypt_data data = { 0 };
	const char *hash;
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];

	if (!*value || strlen(value) > CRYPT_MAX_PASSPHRASE_SIZE)
		return wrong(f, "no password");
	hash = crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof(salt)) ? crypt_r(value, salt, &data)
								       : NULL;
	explicit_bzero(value, strlen(value));
	if (hash && *hash != '*')
		personality->password = xstrdup(hash);
	explicit_bzero(&data, sizeof(data));
	return personality->password ? 0 : fail_errno(f, errno, NULL, "hashing the password");
}

/* The file's first line: no process list shows it. */
static int set_password_file(struct personality *personality, char *value, struct failure *f)
{
	char *text = NULL;
	size_t len;
	int r = file_read(AT_FDCWD, value, PASSWORD_FILE_MAX, &text);

	if (r < 0)
		return fail_errno(f, -r, NULL, "--personality: %s", value);
	len = strlen(text);
	text[strcspn(text, "\n")] = '\0';
	r = set_password(personality, text, f);
	explicit_bzero(text, len);
	free(text);
	return r;
}

static const struct key {
	const char *name;
	int (*set)(struct personality *personality, char *value, struct failure *f);
	size_t field;
	bool to_the_end; /* a comma is part of it */
} keys[] = {
	{ "hostname=", set_hostname, offsetof(struct personality, hostname), false },
	{ "ip=", set_ip, offsetof(struct personality, ip), false },
	{ "password=", set_password, offsetof(struct personality, password), true },
	{ "password-file=", set_password_file, offsetof(struct personality, password), true },
};

/* Takes one "key=value" from the front; *text is what follows it. */
static int take_one(struct personality *ret, char **text, struct failure *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key *key = &keys[i];
		char *value = *text + strlen(key->name), *comma;

		if (strncmp(*text, key->name, strlen(key->name)) != 0)
			continue;
		if (*(char **)((char *)ret + key->field))
			return wrong(f, "said twice");
		comma = key->to_the_end ? NULL : strchr(value, ',');
		if (comma)
			*comma = '\0';
		*text = comma ? comma + 1 : value + strlen(value);
		return key->set(ret, value, f);
	}
	return wrong(f, "hostname=, ip=, password-file= and password= are known");
}

int personality_parse(struct personality *ret, char *text, struct failure *f)
{
	int r = 0;

	*ret = (struct personality){ 0 };
	do
		r = take_one(ret, &text, f);
	while (r == 0 && *text);
	return r;
}

static void free_wiped(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void personality_done(struct personality *personality)
{
	free(personality->hostname);
	free(personality->ip);
	free_wiped(personality->password);
	*personality = (struct personality){ 0 };
}

char *personality_text(const struct personality *personality)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (personality->hostname)
		fprintf(out, "hostname=%s\n", personality->hostname);
	if (personality->ip)
		fprintf(out, "ip=%s\n", personality->ip);
	if (personality->password)
		fprintf(out, "password=%s\n", personality->password);
	fclose(out);
	return text;
}

/* archive_write(3): each of these gives ARCHIVE_OK, or less where something went wrong. */
static int write_archive(struct archive *iso, struct archive_entry *entry, const char *text, int fd)
{
	size_t len = strlen(text);
	int r = archive_write_set_format_iso9660(iso);

	if (r == ARCHIVE_OK)
		r = archive_write_set_format_option(iso, "iso9660", "volume-id", PERSONALITY_LABEL);
	if (r == ARCHIVE_OK)
		r = archive_write_open_fd(iso, fd);
	archive_entry_set_pathname(entry, "personality");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, (la_int64_t)len);
	if (r == ARCHIVE_OK)
		r = archive_write_header(iso, entry);
	if (r == ARCHIVE_OK && archive_write_data(iso, text, len) != (la_ssize_t)len)
		r = ARCHIVE_FATAL;
	return r == ARCHIVE_OK ? archive_write_close(iso) : r;
}

int personality_write_iso(const struct personality *personality, int fd, struct failure *f)
{
	struct archive_entry *entry = archive_entry_new();
	struct archive *iso = archive_write_new();
	char *text = personality_text(personality);
	int r = 0;

	if (write_archive(iso, entry, text, fd) != ARCHIVE_OK)
		r = fail(f, EIO, NULL, "the personality's ISO: %s", archive_error_string(iso));
	archive_entry_free(entry);
	archive_write_free(iso);
	free_wiped(text);
	return r;
}

struct iso {
	const struct personality *personality;
	int fd;
};

static int write_iso(void *arg, FILE *answer, struct failure *f)
{
	const struct iso *iso = arg;

	(void)answer;
	setenv("TMPDIR", "/proc/self/cwd", 1);
	return personality_write_iso(iso->personality, iso->fd, f);
}

/* Its user may write there; nobody else comes into the folder above. */
static int open_to_jail(const char *path)
{
	auto_close int dir = -1;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0 || fchmod(dir, 0777 | S_ISVTX) < 0)
		return -errno;
	return steal_fd(&dir);
}

int personality_make_iso(const struct personality *personality, const char *path,
			 const volatile sig_atomic_t *stop, struct failure *f)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	auto_free char *scratch = xasprintf("%s.tmp", path), *answer = NULL;
	auto_close int dir = fd < 0 ? -errno : open_to_jail(scratch);
	struct iso iso = { personality, fd };
	const int keep[] = { fd, -1 };
	size_t len;
	int r;

	if (dir < 0)
		return fail_errno(f, -dir, NULL, "%s", path);
	r = run_jailed(&(struct jail){ .name = "the personality's ISO",
				       .work = write_iso,
				       .arg = &iso,
				       .keep = keep,
				       .dir = dir,
				       .makes = true,
				       .file = ISO_MAX,
				       .cpu_s = ISO_CPU_S,
				       .stop = stop },
		       &answer, &len, f);
	file_remove_tree(scratch);
	return r;
}
