// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/identity.h"

#include "src/common/mem.h"
#include "src/rootovl/machine/address.h"
#include "src/rootovl/machine/card.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>

#define FILE_MAX   256
#define UUID_FILE  "/sys/class/dmi/id/product_uuid"
#define UUID_CHARS "0123456789abcdefABCDEF-"
#define UUID_LEN   36

/* The files with the serial number of a PC, and of a board with a device tree. */
static const char *const serial_files[] = { "/sys/class/dmi/id/product_serial",
					    "/sys/firmware/devicetree/base/serial-number" };

/* Returns the first line of a file; NULL if the line is missing or empty. */
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
	/* Some vendors leave this UUID of the example firmware in all their boards. */
	static const char example[] = "03000200-0400-0500-0006-000700080009";
	const char digit[] = { uuid[0], '-', '\0' };

	return strlen(uuid) == UUID_LEN && strspn(uuid, UUID_CHARS) == UUID_LEN &&
	       strspn(uuid, digit) < UUID_LEN && strcasecmp(uuid, example) != 0;
}

char *identity_uuid(void)
{
	auto_free char *uuid = line_of(UUID_FILE);

	return uuid && identity_uuid_valid(uuid) ? STEAL(uuid) : NULL;
}

/*
 * Returns whether only one machine has this address. QEMU gives the same default address to the
 * first interface of every machine.
 */
static bool is_of_one_machine(const char *card)
{
	return strncmp(card, "52:54:00:12:34:5", 16) != 0 && strspn(card, "0:") < strlen(card);
}

/* Returns the hardware address of an interface; NULL if it has none of its own (a bond, a VLAN). */
static char *permanent_of(const char *name)
{
	struct card card;

	return card_read(name, &card) == 0 && is_of_one_machine(card.permanent)
		       ? xstrdup(card.permanent)
		       : NULL;
}

/*
 * Returns the lowest hardware address of all interfaces. The kernel finds interfaces in any order,
 * but the lowest address is mostly the same at each boot.
 */
static char *lowest_card(void)
{
	char *lowest = NULL;
	glob_t found;

	if (glob("/sys/class/net/*", 0, NULL, &found) != 0)
		return NULL;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		auto_free char *card = permanent_of(strrchr(found.gl_pathv[i], '/') + 1);

		if (!card || (lowest && strcmp(card, lowest) >= 0))
			continue;
		set_text(&lowest, STEAL(card));
	}
	globfree(&found);
	return lowest;
}

/*
 * Returns the hardware address of the interface that has `address`. A bond or a bridge may get
 * another hardware address at each boot, so the lowest one is used for it.
 */
static char *card_of(const char *address)
{
	auto_free char *name = address_interface(address);
	char *card = name ? permanent_of(name) : NULL;

	return card ? card : lowest_card();
}

char *identity_read(const char *address)
{
	auto_free char *uuid = identity_uuid(), *serial = NULL;
	auto_free char *card = *address ? card_of(address) : lowest_card();

	for (size_t i = 0; !serial && i < ARRAY_SIZE(serial_files); i++)
		serial = line_of(serial_files[i]);
	if (!uuid && !card)
		return NULL;
	return xasprintf("uuid %s serial %s card %s", uuid ? uuid : "", serial ? serial : "",
			 card ? card : "");
}
