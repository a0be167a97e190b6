/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Gives the directories of image_dirs[] below `top` ("" is the initramfs) owner and mode again
 * that an archive of the payload may have changed, and logs each. What is mounted is left alone,
 * and links are not followed. One that cannot be changed is logged too.
 */
void mend_dirs(const char *top);
