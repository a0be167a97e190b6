// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/testbox/machine/qmp.h"

#include "src/common/json.h"
#include "src/common/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define BEGIN_ID "begin"

static const struct reason {
	const char *name; /* of ShutdownCause */
	enum qmp_end end;
} reasons[] = {
	{ "guest-shutdown", QMP_POWEROFF },
	{ "guest-reset", QMP_REBOOT },
	{ "guest-panic", QMP_PANIC },
};

static void say(struct qmp *qmp, const char *text)
{
	if (qmp->fd >= 0)
		send(qmp->fd, text, strlen(text), MSG_NOSIGNAL);
}

void qmp_open(struct qmp *qmp, int fd)
{
	*qmp = (struct qmp){ .fd = fd };
	say(qmp, "{\"execute\":\"qmp_capabilities\"}\n");
}

void qmp_close(struct qmp *qmp)
{
	if (qmp->fd >= 0)
		close(qmp->fd);
	free(qmp->error);
	*qmp = (struct qmp){ .fd = -1 };
}

static void take_shutdown(struct qmp *qmp, const json_t *message)
{
	const char *reason =
		json_string_value(json_object_get(json_object_get(message, "data"), "reason"));

	qmp->end = QMP_ENDED;
	for (size_t i = 0; reason && i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(reason, reasons[i].name))
			qmp->end = reasons[i].end;
}

/* A question of ours at the beginning, without which the machine does not run. */
static bool is_of_beginning(const json_t *message)
{
	const char *id = json_string_value(json_object_get(message, "id"));

	return id && !strcmp(id, BEGIN_ID);
}

static void take_message(void *arg, const char *line)
{
	struct qmp *qmp = arg;
	auto_json json_t *message = json_loads(line, 0, NULL);
	const char *event = json_string_value(json_object_get(message, "event"));
	const char *error =
		json_string_value(json_object_get(json_object_get(message, "error"), "desc"));

	if (event && !strcmp(event, "SHUTDOWN") && qmp->end == QMP_RUNNING)
		take_shutdown(qmp, message);
	if (event && !strcmp(event, "RESET"))
		qmp->resets++;
	if (error && !qmp->error)
		qmp->error = xstrdup(error);
	qmp->not_begun |= error && is_of_beginning(message);
}

void qmp_handle(struct qmp *qmp)
{
	char data[4096];
	ssize_t n = recv(qmp->fd, data, sizeof(data), MSG_DONTWAIT);

	if (n > 0) {
		lines_add(&qmp->lines, data, (size_t)n, take_message, qmp);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(qmp->fd);
		qmp->fd = -1;
	}
}

static void say_json(struct qmp *qmp, json_t *message)
{
	auto_free char *text = json_dumps(message, JSON_COMPACT);
	auto_free char *line = xasprintf("%s\n", text ? text : "");

	json_decref(message);
	say(qmp, line);
}

void qmp_begin(struct qmp *qmp, const char *append)
{
	/* Bytes that are no UTF-8 are passed on as they are: QEMU refuses them, and says so. */
	if (append)
		say_json(qmp, json_pack("{s:s, s:s, s:{s:s, s:s, s:o}}", "execute", "qom-set", "id",
					BEGIN_ID, "arguments", "path", "/machine", "property",
					"append", "value", json_string_nocheck(append)));
	say_json(qmp, json_pack("{s:s, s:s}", "execute", "x-exit-preconfig", "id", BEGIN_ID));
}

void qmp_eject(struct qmp *qmp, const char *device)
{
	auto_free char *text = xasprintf("{\"execute\":\"eject\",\"arguments\":"
					 "{\"id\":\"%s\",\"force\":true}}\n",
					 device);

	say(qmp, text);
}

void qmp_let_reset(struct qmp *qmp, bool let)
{
	say(qmp, let ? "{\"execute\":\"set-action\",\"arguments\":{\"reboot\":\"reset\"}}\n"
		     : "{\"execute\":\"set-action\",\"arguments\":{\"reboot\":\"shutdown\"}}\n");
}

void qmp_power_button(struct qmp *qmp)
{
	say(qmp, "{\"execute\":\"system_powerdown\"}\n");
}
