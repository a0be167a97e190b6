/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink, as much as the kernel's NBD client needs of it: a message with attributes, its
 * answer (netlink(7), Documentation/userspace-api/netlink/intro.rst in the kernel).
 */
#ifndef ROOTOVL_GENL_H
#define ROOTOVL_GENL_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* A message: being made, or as it was received. */
struct genl {
	struct nlmsghdr head;
	struct genlmsghdr command;
	uint8_t attributes[2048];
};

/* Begins a message to a family (GENL_ID_CTRL or one of genl_family()). */
void genl_begin(struct genl *message, uint16_t family, uint8_t command, uint8_t version);
void genl_put_u64(struct genl *message, uint16_t type, uint64_t value);
void genl_put_u32(struct genl *message, uint16_t type, uint32_t value);
/* Attributes that are put until genl_close() is given the value are inside this one. */
size_t genl_open(struct genl *message, uint16_t type);
void genl_close(struct genl *message, size_t opened);

/* A socket for all of it, or -errno. */
int genl_socket(void);

/* Sends, waits until the kernel is done, and keeps its answer, if it has one. Gives 0 or -errno. */
int genl_ask(int socket, struct genl *message, struct genl *answer);

/* The value of an attribute of what was received; NULL: there is none of at least `len` bytes. */
const void *genl_find(const struct genl *message, uint16_t type, size_t len);

/*
 * The number of a family, and of its multicast group `group` where that is not NULL. -ENOENT: the
 * kernel does not have it.
 */
int genl_family(int socket, const char *name, const char *group, uint32_t *ret_group);

#endif
