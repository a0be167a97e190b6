/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places below /run that a boot leaves behind. /run goes with the system through switch_root
 * (bootup(7)), and short fixed names need no escaping in the options of overlayfs.
 */
#pragma once

#define SYSROOT	     "/sysroot" /* the new root, where systemd wants it */
#define RUN_DIR	     "/run/rootovl"
#define RUN_LOWER    RUN_DIR "/lower" /* the lower, read-only */
#define RUN_SHARE    RUN_DIR "/share" /* for a moment: what a folder or an image is taken from */
#define RUN_IMAGE    RUN_DIR "/image" /* the tmpfs of an image that was fetched */
#define RUN_DISK     RUN_DIR "/disk"  /* the file system of rootovl.upper= or rootfs_disk= */
#define RUN_UPPER    RUN_DIR "/upper" /* the upper's directory: a tmpfs, or one of RUN_DISK … */
#define DISK_OURS    "rootovl"	      /* all of ours on it … */
#define DISK_OLD     DISK_OURS "/old" /* … what is removed after the boot … */
#define CACHE_DIR    "cache"	      /* … and the copies of lowers */
#define DISK_CACHE   RUN_DISK "/" DISK_OURS "/" CACHE_DIR
#define RUN_CACHE    RUN_DIR "/" CACHE_DIR /* what rootovl-cache.service has to do */
#define UPPER_RW     "rw"		   /* … in it, the overlay's upper layer */
#define UPPER_WORK   "work"		   /* … and its scratch */
#define RUN_NBD	     RUN_DIR "/nbd"	   /* what the booted system must know of its NBD device */
#define RUN_PROGRAM  RUN_DIR "/rootovl-report" /* the static program, src/rootovl/booted */
#define RUN_REPORT   RUN_DIR "/report.json"    /* and report.txt, report.svg beside it */
#define RUN_NETWORKD RUN_DIR "/networkd.pid"   /* the networkd of the short way */
#define RUN_MOVED    RUN_DIR "/payload-moved"  /* a try has begun to move the payload */
