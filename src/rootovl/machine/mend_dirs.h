/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Restores the owner and mode of the directories in image_dirs[] below `top`, where "" is the
 * initramfs. An archive of the payload may have changed them. Skips mount points and does not
 * follow links. Logs each change, and each directory that cannot be changed.
 */
void mend_dirs(const char *top);
