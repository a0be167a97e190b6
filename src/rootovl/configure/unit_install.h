/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The [Install] section of a unit file as data, for enabling units; see systemd.unit(5). Pure. */
#pragma once

struct unit_install {
	char **wanted_by; /* lists as in common/mem.h */
	char **required_by;
	char **upheld_by;
	char **alias;
	char **also;
	char *default_instance; /* or NULL */
};

/* Reads the section of a unit file. Whatever else is in the file is passed over. */
void unit_install_parse(const char *text, struct unit_install *ret);
void unit_install_done(struct unit_install *install);
