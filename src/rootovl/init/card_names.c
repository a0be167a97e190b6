// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/init/card_names.h"

#include "src/common/files.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/rootovl/disk/lvm.h"
#include "src/rootovl/settings/network_parts.h"

#include <errno.h>
#include <glob.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define UDEVADM "/usr/bin/udevadm"
#define NAME	"ID_NET_NAME="

static void rename_card(const char *card, const char *name)
{
	auto_close int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, IFNAMSIZ, "%s", card);
	snprintf(request.ifr_newname, IFNAMSIZ, "%s", name);
	if (fd >= 0 && ioctl(fd, SIOCSIFNAME, &request) < 0)
		log_line(LOG_WARNING, "%s keeps its name, and is not called %s: %s", card, name,
			 strerror(errno));
}

void card_names_give(const char *card)
{
	auto_free char *path = xasprintf("/sys/class/net/%s", card), *text = NULL;
	const char *const argv[] = { UDEVADM, "test", "--action=add", path, NULL };
	auto_failure struct failure f = { 0 };
	auto_strv char **lines = NULL;

	if (!net_is_interface(card) || !strcmp(card, "lo") || access(UDEVADM, X_OK) < 0)
		return;
	/* An event can come after the card got another name. */
	if (!if_nametoindex(card))
		return;
	if (tool_run(argv, &text, &f) < 0)
		log_line(LOG_WARNING, "%s keeps its name: %s", card, f.what);
	lines = text ? strv_split(text, "\n") : NULL;
	for (char **line = lines; line && *line; line++) {
		const char *name = *line + strlen(NAME);

		/* udevadm before version 256 has given the name already. */
		if (!strncmp(*line, NAME, strlen(NAME)) && net_is_interface(name) &&
		    strcmp(name, card) != 0 && if_nametoindex(card))
			rename_card(card, name);
	}
}

void card_names_give_all(void)
{
	glob_t cards;

	/* What has no device below it is made by software. */
	if (glob("/sys/class/net/*/device", 0, NULL, &cards) != 0)
		return;
	for (size_t i = 0; i < cards.gl_pathc; i++) {
		auto_free char *card = xstrdup(cards.gl_pathv[i] + strlen("/sys/class/net/"));

		card[strcspn(card, "/")] = '\0';
		card_names_give(card);
	}
	globfree(&cards);
}

void card_names_forget(void)
{
	/* The rules beside them are for the root. */
	file_remove_tree("/run/udev/data");
	file_remove_tree("/run/udev/tags");
}
