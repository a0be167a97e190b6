// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/identity.h"

#include "src/common/mem.h"

#include <fcntl.h>
#include <glob.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#define FILE_MAX   256
#define UUID_FILE  "/sys/class/dmi/id/product_uuid"
#define UUID_CHARS "0123456789abcdefABCDEF-"
#define UUID_LEN   36
#define PERMANENT  "0" /* of addr_assign_type: not by chance, and not taken from another */
#define NO_CARD	   "00:00:00:00:00:00"

/* Serial numbers: of a PC, and of a board with a device tree. */
static const char *const serial_files[] = { "/sys/class/dmi/id/product_serial",
					    "/sys/firmware/devicetree/base/serial-number" };

/* The first line of a file; NULL where there is none. */
static char *line_of(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[FILE_MAX];
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len <= 0)
		return NULL;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text[0] ? xstrdup(text) : NULL;
}

bool identity_uuid_valid(const char *uuid)
{
	/* Of boards whose maker left the example of its firmware in place. */
	static const char example[] = "03000200-0400-0500-0006-000700080009";
	const char digit[] = { uuid[0], '-', '\0' };

	return strlen(uuid) == UUID_LEN && strspn(uuid, UUID_CHARS) == UUID_LEN &&
	       strspn(uuid, digit) < UUID_LEN && strcasecmp(uuid, example) != 0;
}

/* QEMU gives the first of these to every machine whose launcher names none. */
static bool is_of_one_machine(const char *card)
{
	return strncmp(card, "52:54:00:12:34:5", 16) != 0 && strspn(card, "0:") < strlen(card);
}

static bool has_address(const struct ifaddrs *one, const char *address)
{
	size_t len = strcspn(address, "%");
	char host[NI_MAXHOST];
	socklen_t size;

	if (!one->ifa_addr)
		return false;
	size = one->ifa_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
						    : sizeof(struct sockaddr_in);
	if ((one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6) ||
	    getnameinfo(one->ifa_addr, size, host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0)
		return false;
	return strcspn(host, "%") == len && strncmp(host, address, len) == 0;
}

static char *card_of(const char *address)
{
	auto_free char *path = NULL;
	struct ifaddrs *list;
	auto_free char *card = NULL;

	if (getifaddrs(&list) < 0)
		return NULL;
	for (const struct ifaddrs *one = list; one && !path; one = one->ifa_next)
		if (has_address(one, address))
			path = xasprintf("/sys/class/net/%s/address", one->ifa_name);
	freeifaddrs(list);
	card = path ? line_of(path) : NULL;
	return card && is_of_one_machine(card) ? STEAL(card) : NULL;
}

/* Cards are known in no order, some later than others: the lowest is mostly the same one. */
static char *lowest_card(void)
{
	char *lowest = NULL;
	glob_t found;

	if (glob("/sys/class/net/*/device", 0, NULL, &found) != 0)
		return NULL;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *device = found.gl_pathv[i];
		int len = (int)(strrchr(device, '/') - device);
		auto_free char *path = xasprintf("%.*s/address", len, device);
		auto_free char *assigned = xasprintf("%.*s/addr_assign_type", len, device);
		auto_free char *card = line_of(path), *how = line_of(assigned);

		if (!card || !how || strcmp(how, PERMANENT) != 0 || !is_of_one_machine(card) ||
		    (lowest && strcmp(card, lowest) >= 0))
			continue;
		free(lowest);
		lowest = STEAL(card);
	}
	globfree(&found);
	return lowest;
}

char *identity_read(const char *address)
{
	auto_free char *uuid = line_of(UUID_FILE), *serial = NULL;
	auto_free char *card = *address ? card_of(address) : lowest_card();
	bool valid = uuid && identity_uuid_valid(uuid);

	for (size_t i = 0; !serial && i < ARRAY_SIZE(serial_files); i++)
		serial = line_of(serial_files[i]);
	if (!valid && !card)
		return NULL;
	return xasprintf("uuid %s serial %s card %s", valid ? uuid : "", serial ? serial : "",
			 card ? card : "");
}
