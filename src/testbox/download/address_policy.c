// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/download/address_policy.h"

#include "src/common/mem.h"
#include "src/testbox/download/reach_resolve.h"

#include <errno.h>
#include <netinet/in.h>

static unsigned port_of(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)address)->sin_port);
	return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
}

/* The user's own URL may lead anywhere, and a redirect to what is as near as the URL. */
static bool allows(struct address_policy *policy, const struct curl_sockaddr *to,
		   const struct address *address)
{
	unsigned kind = address_kind(address);
	long redirects = 0;

	if (!kind)
		return true;
	curl_easy_getinfo(policy->easy, CURLINFO_REDIRECT_COUNT, &redirects);
	if (!policy->base && !redirects)
		policy->kinds |= kind;
	if (policy->base && !policy->looked_up)
		policy->kinds |= reach_resolve_kinds(policy->base);
	policy->looked_up = true;
	return (policy->kinds & kind) ||
	       (policy->reach && reach_resolve_names(policy->reach, address, port_of(&to->addr)));
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct address_policy *policy = arg;
	struct address address;

	(void)purpose;
	if (address_of_socket(&to->addr, &address) < 0)
		return CURL_SOCKET_BAD;
	if (!allows(policy, to, &address)) {
		set_text(&policy->refused, address_text(&address));
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

void address_policy_apply(CURL *easy, struct address_policy *policy)
{
	policy->easy = easy;
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, policy);
}

int address_policy_check(const struct address_policy *policy, CURLcode code, const char *shown,
			 struct failure *f)
{
	if (code != CURLE_COULDNT_CONNECT || !policy->refused)
		return 0;
	return fail(f, EPERM, "\"reach:\" in the host file allows it",
		    "%s: it leads to %s, an address of this host or its link, and the server that "
		    "names it is at no such address",
		    shown, policy->refused);
}

void address_policy_done(struct address_policy *policy)
{
	free(policy->refused);
	policy->refused = NULL;
}
