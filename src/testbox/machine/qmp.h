/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The launcher's side of QMP: what QEMU says of the machine (qemu-qmp-ref(7)). */
#pragma once

#include "src/testbox/machine/lines.h"

#include <stdbool.h>

enum qmp_end {
	QMP_RUNNING,
	QMP_POWEROFF, /* the machine switched itself off */
	QMP_REBOOT,   /* it reset itself; QEMU runs with -no-reboot */
	QMP_PANIC,    /* it told a panic device */
	QMP_ENDED,    /* QEMU was asked to end, by us or somebody else */
};

struct qmp {
	int fd; /* -1: closed */
	struct lines lines;
	enum qmp_end end;
	unsigned resets; /* that the machine did, and QEMU went on */
	char *error;	 /* what QEMU refused; owned */
	bool not_begun;	 /* it refused to begin: `error` is why */
};

/* Takes over `fd` and greets. */
void qmp_open(struct qmp *qmp, int fd);
void qmp_close(struct qmp *qmp);
/* Reads what has come. */
void qmp_handle(struct qmp *qmp);

/*
 * Lets QEMU, which waits (-preconfig), make the machine and run it with this kernel line (NULL:
 * none).
 */
void qmp_begin(struct qmp *qmp, const char *append);

/* Whether the machine boots anew when it resets itself; else QEMU ends, as it does at first. */
void qmp_let_reset(struct qmp *qmp, bool let);
/* Presses the power button. */
void qmp_power_button(struct qmp *qmp);
/* Takes the medium out of the drive of this device; QEMU's answer is not waited for. */
void qmp_eject(struct qmp *qmp, const char *device);
