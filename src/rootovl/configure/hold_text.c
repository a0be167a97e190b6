// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/configure/hold_text.h"

#include "src/common/mem.h"
#include "src/rootovl/settings/network_parts.h"

#include <string.h>

char *hold_text_match(const struct card *card)
{
	if (!*card->permanent)
		return xasprintf("Name=%s\n", card->name);
	/* VLANs and others above it have its address too, but not its type. */
	if (!strcmp(card->mac, card->permanent))
		return xasprintf("MACAddress=%s\nType=%s\n", card->mac, card->type);
	/* A port of a bond has the bond's address. Both: systemd before 245 knows only the first.
	 */
	return xasprintf("MACAddress=%s\nPermanentMACAddress=%s\nType=%s\n", card->mac,
			 card->permanent, card->type);
}

char *hold_text_device(const struct card *card)
{
	/* It compares with the permanent address. */
	return *card->permanent ? xasprintf("mac:%s", card->permanent)
				: xasprintf("interface-name:=%s", card->name);
}

char *hold_text_rule(const struct card *card)
{
	if (*card->permanent || !net_is_interface(card->name))
		return NULL;
	return xasprintf("SUBSYSTEM==\"net\", KERNEL==\"%s\", NAME:=\"%s\"\n", card->name,
			 card->name);
}

char *hold_text_script(const struct card *cards, size_t n, const char *environment)
{
	auto_free char *indexes = xstrdup(" ");

	for (size_t i = 0; i < n; i++)
		set_text(&indexes, xasprintf("%s%u ", indexes, cards[i].index));
	/* A kernel before 6.2 does not rename what is up, and then nothing has the root's name. */
	return xasprintf(
		"# made by rootovl: the root hangs on these interfaces\n"
		"held=\n"
		"named() {\n"
		"    sed -n 's/^E:ID_NET_NAME=//p' \"/run/udev/data/n$1\"\n"
		"    sed -n \"/$2/Is/.*[ ,]NAME:*=\\\"\\([A-Za-z0-9._-]*\\)\\\".*/\\1/p\" \\\n"
		"        /etc/udev/rules.d/*.rules /run/udev/rules.d/*.rules\n"
		"}\n"
		"for path in /sys/class/net/*; do\n"
		"    read -r index <\"$path/ifindex\" || continue\n"
		"    case '%s' in *\" $index \"*) ;; *) continue ;; esac\n"
		"    read -r mac <\"$path/address\" || mac=no-address\n"
		"    held=\"$held ${path##*/} $(named \"$index\" \"$mac\" | tr '\\n' ' ')\"\n"
		"done 2>/dev/null\n"
		"case $1 in\n"
		"list) echo \"EXCLUDE_INTERFACES=\\\"$EXCLUDE_INTERFACES$held\\\"\" >%s ;;\n"
		"free) case \"$held \" in *\" $2 \"*) exit 1 ;; esac ;;\n"
		"esac\n",
		indexes, environment);
}
