// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/settings/network_unit.h"

#include "src/common/mem.h"

#include <stdio.h>
#include <string.h>

static bool has_line(const char *text, const char *begin)
{
	auto_free char *behind = xasprintf("\n%s", begin);

	return strstr(text, behind) != NULL;
}

/* The value of the last such line of the text, or NULL; the caller's. */
static char *line_value(const char *text, const char *begin)
{
	auto_free char *behind = xasprintf("\n%s", begin);
	const char *line = strstr(text, behind), *next;

	while (line && (next = strstr(line + 1, behind)))
		line = next;
	line = line ? line + strlen(behind) : NULL;
	return line ? xstrndup(line, strcspn(line, "\n")) : NULL;
}

/* Writes the text with each gateway marked that no address reaches. */
static void put_text(FILE *out, const struct network_words *words, const char *text)
{
	static const char begin[] = "Gateway=";

	while (*text) {
		size_t len = strcspn(text, "\n");
		auto_free char *line = xstrndup(text, len);

		fprintf(out, "%s\n", line);
		if (!strncmp(line, begin, strlen(begin)) &&
		    strv_has(words->onlink, line + strlen(begin)))
			fputs("GatewayOnLink=yes\n", out);
		text += len + (text[len] == '\n');
	}
}

static void put_match(FILE *out, const struct network_words *words)
{
	/* It is for all interfaces, but for the one that the machine booted from. */
	if (words->bootif)
		fprintf(out, "\n[Match]\nMACAddress=%s\n", words->bootif);
	if (words->mtu)
		fprintf(out, "\n[Link]\nMTUBytes=%s\n", words->mtu);
}

char *network_unit_text(const struct network_words *words, const char *text)
{
	static const char *const configured[] = { "DHCP=", "Address=", "VLAN=", "Bond=",
						  "Bridge=" };
	const char *made = text ? text : "[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n";
	auto_free char *name = line_value(made, "Name="), *address = line_value(made, "Address=");
	bool dhcp = true, master = has_line(made, "Bond=") || has_line(made, "Bridge=");
	char *unit = NULL;
	size_t len;
	FILE *out = open_memstream(&unit, &len);

	for (size_t i = 0; i < ARRAY_SIZE(configured); i++)
		dhcp = dhcp && !has_line(made, configured[i]);
	put_text(out, words, made);
	if (!name)
		put_match(out, words);
	/*
	 * nameserver= or rd.route= alone do not say how to come by an address. The root lives on
	 * it: it outlives the daemon, the switch to the root and the lease. The client's identity
	 * is the firmware's, so that its address is given again: a machine's would be a new one at
	 * every boot. Option 17 is the root path. Short names need search domains, and a
	 * network with tunnels the size of packets that it says.
	 */
	fprintf(out, "\n[Network]\n%sKeepConfiguration=yes\n", dhcp ? "DHCP=yes\n" : "");
	if (name && strv_has(words->primaries, name))
		fputs("PrimarySlave=yes\n", out);
	if (words->ntp && !master)
		fprintf(out, "NTP=%s\n", words->ntp);
	/* Newer generators switch it off beside a fixed address; IPv6 does not work without. */
	if (address && strchr(address, ':'))
		fputs("LinkLocalAddressing=ipv6\n", out);
	/* What the line says counts more than the lease. */
	fprintf(out,
		"\n[DHCPv4]\nClientIdentifier=mac\nRequestOptions=17\nUseDomains=yes\n%s\n"
		"[DHCPv6]\nUseDomains=yes\n\n[IPv6AcceptRA]\nUseDomains=yes\n",
		has_line(made, "MTUBytes=") || (!name && words->mtu) ? "" : "UseMTU=yes\n");
	for (char **direct = words->direct; name && direct && *direct; direct += 2)
		if (!strcmp(direct[0], name))
			fprintf(out, "\n[Route]\nDestination=%s\n", direct[1]);
	fclose(out);
	return unit;
}

char *network_unit_netdev(const struct network_words *words, const char *text)
{
	auto_free char *name = line_value(text, "Name="), *kind = line_value(text, "Kind=");
	const char *options = NULL;

	if (!name || !kind || !IS_ONE_OF(kind, "bond", "bridge"))
		return NULL;
	for (char **bond = words->bonds; bond && *bond; bond += 2)
		if (!strcmp(bond[0], name))
			options = bond[1];
	return xasprintf("%s\n[NetDev]\nMACAddress=none\n%s%s", text, options ? "\n[Bond]\n" : "",
			 options ? options : "");
}

char *network_unit_made(const char *text)
{
	auto_strv char **lines = strv_split(text, "\n");
	bool within = false;

	for (char **line = lines; line && *line; line++) {
		char *word = *line + strspn(*line, " \t");

		if (*word == '[') {
			within = !strncmp(word, "[NetDev]", strlen("[NetDev]"));
		} else if (within && !strncmp(word, "Name", strlen("Name"))) {
			word += strlen("Name") + strspn(word + strlen("Name"), " \t");
			if (*word++ == '=')
				return xstrndup(word + strspn(word, " \t"),
						strcspn(word + strspn(word, " \t"), " \t\r"));
		}
	}
	return NULL;
}

const char *network_unit_link(void)
{
	return "# made by rootovl: a bond or a bridge has the MAC of its card, which DHCP servers "
	       "know\n"
	       "[Match]\nType=bond bridge\n\n[Link]\nMACAddressPolicy=none\n";
}
