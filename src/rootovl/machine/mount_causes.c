// SPDX-License-Identifier: GPL-2.0-or-later
#include "src/rootovl/machine/mount_causes.h"

#include "src/common/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

enum {
	CIFS = 1,
	NFS = 2,
	VIRTIOFS = 4,
	P9 = 8,
	EXT = 16,
	XFS = 32,
	BTRFS = 64,
	SQUASHFS = 128,
	EROFS_ = 256, /* errno.h has EROFS */
	ISO = 512,
	OVERLAY = 1024,
	SERVER = CIFS | NFS,
	HOST = VIRTIOFS | P9,
	DISK = EXT | XFS | BTRFS | SQUASHFS | EROFS_ | ISO,
	ANY = SERVER | HOST | DISK | OVERLAY,
};

static const struct {
	const char *name;
	unsigned type;
} types[] = {
	{ "cifs", CIFS },
	{ "nfs", NFS },
	{ "nfs4", NFS },
	{ "virtiofs", VIRTIOFS },
	{ "9p", P9 },
	{ "ext2", EXT },
	{ "ext3", EXT },
	{ "ext4", EXT },
	{ "xfs", XFS },
	{ "btrfs", BTRFS },
	{ "squashfs", SQUASHFS },
	{ "erofs", EROFS_ },
	{ "iso9660", ISO },
	{ "overlay", OVERLAY },
};

#define LOG	 "the kernel's log may say more"
#define NO_KEY	 "a password does; Kerberos needs a ticket and programs that the image lacks"
#define FIREWALL "is the server up, and no firewall in between?"
#define DAMAGED	 "make the image again, or restore it: see the kernel's log"
#define FEATURE	 "make it without features that this kernel lacks: its log names them"

/* The first row that matches is used. */
static const struct row {
	unsigned types;
	int code;
	const char *cause, *hint;
	bool heals;
} rows[] = {
	{ CIFS, ENOENT, "no such share or path on the server",
	  "check the share's name and the path; a link on the way must lead to a folder there",
	  false },
	{ CIFS, ENXIO, "no such share on the server", "check the share's name", false },
	{ CIFS, EACCES, "access denied",
	  "check user, password and domain, or whether the share admits guests", false },
	{ CIFS, EPERM, "access denied", "check user, password and domain", false },
	{ CIFS, EKEYREJECTED, "access denied", "check user, password and domain", false },
	{ CIFS, EKEYEXPIRED, "the password has expired", "give the user a new one on the server",
	  false },
	{ CIFS, EKEYREVOKED, "the account is locked or has expired",
	  "unlock the user on the server", false },
	{ CIFS, ENOKEY, "the server asks for a key that the kernel does not have", NO_KEY, false },
	{ CIFS, EINVAL, "the kernel refuses the path or an option",
	  "does the path end in a link? Name the folder itself; and may the user enter it on the "
	  "server? Else the kernel's log names the option, or a version of SMB that it lacks",
	  false },
	{ CIFS, ELOOP, "there are links in the path", "name the folder itself", false },
	{ CIFS, EMLINK, "there are links in the path", "name the folder itself", false },
	{ CIFS, ENOTDIR, "the path leads to no folder",
	  "name a folder, and the folder itself if it ends in a link; with posix: Linux 6.12 and "
	  "Samba 4.22 or later",
	  false },
	{ CIFS, EOPNOTSUPP,
	  "the server does not speak this version of SMB, or lacks what an option asks for",
	  "check vers= and posix, and the server's min and max protocol; with SMB 3 a link in the "
	  "path ends so too: name the folder itself",
	  false },
	{ CIFS, EPROTONOSUPPORT, "the server does not speak this version of SMB",
	  "check vers=, and the server's min and max protocol", false },
	{ CIFS, EPROTO, "the server's answer makes no sense", "is it an SMB server? Check the port",
	  false },
	{ CIFS, EHOSTDOWN, "the server closes the connection",
	  "does it speak the version that vers= asks for?", false },
	{ CIFS, ECONNABORTED, "the server closes the connection",
	  "does it speak the version that vers= asks for? See its log", false },
	{ CIFS, EREMOTE, "the path leads to another server (DFS)",
	  "name that server and its share, or give the option nodfs", false },
	{ CIFS, EIO, "the server and the kernel do not understand each other",
	  "signing, encryption (seal) or a broken answer: the kernel's log says which", false },
	{ CIFS, EMFILE, "the server has too many clients", "raise its max smbd processes", true },
	{ CIFS, EUSERS, "the server has too many sessions", "raise its limits", true },
	{ CIFS, EBUSY, "the server or the share is busy", "see the server's log", true },
	{ CIFS, ENOMEM, "the server or this machine has no memory", LOG, false },
	{ CIFS, EBADF, "the server closed the path while it was opened", "see the server's log",
	  true },
	{ CIFS, ESTALE, "the folder was replaced on the server", "see the server's log", true },

	{ NFS, ENOENT, "no such export on the server",
	  "check the path against `showmount -e`; a link on the way must lead inside the export",
	  false },
	{ NFS, EACCES, "the server refuses",
	  "is there such an export (a folder, and no link), and is this machine allowed to mount "
	  "it, "
	  "from this port (the server's option insecure)?",
	  false },
	{ NFS, EPERM, "the server refuses",
	  "is there such an export, is this machine allowed to mount it, and with this sec=?",
	  false },
	{ NFS, EPROTONOSUPPORT, "the server does not speak this version of NFS",
	  "check vers=, and the versions that the server offers", false },
	{ NFS, EPFNOSUPPORT, "the server does not speak NFS over this protocol",
	  "check proto=; servers of today have no UDP", false },
	{ NFS, EOPNOTSUPP, "no NFS service is registered there, yet",
	  "is the server's NFS running, and in the version that vers= asks for (`rpcinfo -p`)?",
	  true },
	{ NFS, ENOTDIR, "the path leads to no folder", "name a folder, or an image by its ending",
	  false },
	{ NFS, ELOOP, "the path's links go in a circle", "name the folder itself", false },
	{ NFS, ESTALE, "the server does not know the export's folder any more",
	  "was it replaced? Export it again (`exportfs -ra`)", true },
	{ NFS, EREMOTEIO, "the server failed at this request", "see the server's log", true },
	{ NFS, EIO, "the server's answer makes no sense",
	  "is it an NFS server, and of this version? Check port= and vers=", false },
	{ NFS, EPROTO, "the server's answer makes no sense",
	  "is it an NFS server? Check port=", false },
	{ NFS, EINVAL, "the kernel or the server refuses an option",
	  "the kernel's log names an option that it does not know; udp, sec= and xprtsec= need a "
	  "kernel and a server with them",
	  false },
	{ NFS, EKEYEXPIRED, "the Kerberos ticket has expired", "use sec=sys", false },
	{ NFS, EKEYREJECTED, "the server refuses the key", "use sec=sys", false },
	{ NFS, ENOKEY, "the kernel has no key for this sec= or xprtsec=", "use sec=sys", false },
	{ NFS, EMFILE, "the server has too many open files", "see the server's log", true },
	{ NFS, EBUSY, "the same export is mounted with other options", "leave one of them out",
	  false },
	{ NFS, ETIMEDOUT, "the server does not answer the mount", MOUNT_CAUSES_GRACE, false },
	{ NFS, ENXIO, "the server has no such device or address", "see the server's log", false },
	{ NFS, EBADF, "the server does not know the export's folder any more",
	  "was it replaced? Export it again (`exportfs -ra`)", true },

	{ SERVER, ETIMEDOUT, "the server does not answer the mount", FIREWALL, false },
	{ SERVER, ECONNREFUSED, "the server refuses the connection",
	  "is the server up, and this port open?", false },
	{ SERVER, ECONNRESET, "the server closes the connection", "see the server's log", false },
	{ SERVER, EHOSTDOWN, NULL, FIREWALL, false },
	{ SERVER, EHOSTUNREACH, NULL, "check the address, the routes and the firewalls", false },
	{ SERVER, ENETUNREACH, NULL, "check ip=, the cable and the driver", false },
	{ SERVER, EROFS, "the server's file system is read-only", "see the server's log", false },
	{ SERVER, EUCLEAN, "the server's file system is damaged", "run fsck on the server", false },

	{ VIRTIOFS, EINVAL, "the host offers no folder by this tag",
	  "check the tag of the machine's virtiofs device; if it is right, the kernel's log names "
	  "an option that it does not know",
	  false },
	{ P9, ENOENT, "the host offers no folder by this tag",
	  "check the mount tag of the machine's 9p device", false },
	{ P9, EINVAL, "the kernel refuses an option",
	  "the kernel's log names it; has the image the modules 9pnet_virtio and virtio_pci?",
	  false },
	{ P9, EREMOTEIO, "the host does not speak this version of 9P",
	  "leave version= out, or use version=9p2000.u", false },
	{ P9, EPROTONOSUPPORT, "the image lacks the way to the host that trans= names",
	  "build the image again, with 9pnet_virtio", false },
	{ HOST, EBUSY, "the folder with this tag is in use in this machine already",
	  "give it a tag of its own", false },
	{ HOST, EACCES, "the host refuses", "may the host's program read the folder, as root?",
	  false },
	{ HOST, EPERM, "the host refuses", "may the host's program read the folder, as root?",
	  false },
	{ HOST, ENOENT, "the folder is not there any more on the host", "see the host's log",
	  false },
	{ HOST, ENOTDIR, "what the host offers is no folder", "offer a folder", false },
	{ HOST, ENOTCONN, "the host's program has ended", "start virtiofsd again, and the machine",
	  false },
	{ HOST, ECONNREFUSED, "the host's program does not run", "start it before the machine",
	  false },
	{ HOST, EIO, "the host's program failed", "see its log on the host", false },
	{ HOST, EMFILE, "the host's program may open no more files", "raise its limit (ulimit -n)",
	  false },
	{ HOST, ESTALE, "the folder was replaced on the host", "start the machine again", false },
	{ HOST, EOPNOTSUPP, "the host does not offer what an option asks for",
	  "leave the option out", false },

	{ EXT, EROFS, "its journal is to be replayed, and the device is read-only",
	  "run e2fsck on it", false },
	{ EXT, EINVAL, "the kernel refuses an option, a feature, or what is on the device", FEATURE,
	  false },
	{ XFS, EINVAL, "the kernel refuses an option, a feature, or what is on the device", FEATURE,
	  false },
	{ XFS, ENOSYS, "its blocks are larger than a page of this kernel",
	  "make it with blocks of 4096 bytes (mkfs.xfs -b size=4096)", false },
	{ XFS, EFBIG, "it is larger than this kernel can use", "use a kernel of 64 bits", false },
	{ BTRFS, EINVAL, "the kernel refuses an option, a feature, or what is on the device",
	  FEATURE, false },
	{ BTRFS, ENOENT, "there is no such subvolume, or one of its devices is missing",
	  "check subvol= and subvolid=, and the disks", false },
	{ BTRFS, EEXIST, "two devices have the same UUID", "take the copy away", false },
	{ SQUASHFS, EINVAL, "it is no whole squashfs, or of a compression that the kernel lacks",
	  "the kernel's log names it: make it with mksquashfs -comp gzip, or copy it again",
	  false },
	{ EROFS_, EINVAL, "it is no whole erofs, or of a feature that the kernel lacks",
	  "the kernel's log names it: make it with mkfs.erofs -zlz4, or copy it again", false },
	{ EROFS_, EOPNOTSUPP, "it is of a compression that the kernel lacks",
	  "make it with mkfs.erofs -zlz4", false },
	{ ISO, EINVAL, "there is no ISO 9660 on it", "make the medium again", false },
	{ DISK, EUCLEAN, "it is damaged", DAMAGED, false },
	{ DISK, EBADMSG, "it is damaged: a checksum is wrong", DAMAGED, false },
	{ DISK, EIO, "it cannot be read",
	  "is it whole? See the kernel's log for the disk or the server that it is on", false },
	{ DISK, EROFS, "the device is read-only, and its file system wants to be mended",
	  "run its fsck", false },
	{ DISK, EBUSY, "it is in use already", "what has it mounted? See /proc/mounts", false },
	{ DISK, ENXIO, "the device is gone, or empty", "check the disk and its cable", false },
	{ DISK, ENOTBLK, "it is no block device", "name a disk or a partition", false },
	{ DISK, EACCES, "the device is read-only", "check the disk's switch", false },
	{ DISK, EOPNOTSUPP, "it has a feature that this kernel lacks", FEATURE, false },
	{ DISK, ENODEV, NULL,
	  "the image lacks the module of this file system, or has one for another kernel: build it "
	  "again, for xfs and btrfs by " REBUILD_WITH_DISKS,
	  false },

	{ OVERLAY, EINVAL, "the overlay cannot use one of its layers, or an option",
	  "the kernel's log says which", false },
	{ OVERLAY, ESTALE, "the upper was made on another lower",
	  "begin anew: rootovl.persist=NAME,new", false },
	{ OVERLAY, EBUSY, "another overlay uses the upper", "which program mounts it?", false },
	{ OVERLAY, ELOOP, "the layers lie in one another", "report this with the plan", false },
	{ OVERLAY, EROFS, "the upper cannot be written to", "the kernel's log says why", false },
	{ OVERLAY, EIO, "the upper or the lower cannot be read", "see the kernel's log", false },
	{ OVERLAY, ENODEV, "the kernel has no overlay",
	  "the image lacks its module, or has one for another kernel: build it again", false },
	{ OVERLAY, ENOSPC, "the upper is full", "raise rootovl.size= or rootovl.inodes=", false },

	{ ANY, ENODEV, "the kernel does not know this file system",
	  "the image lacks its module, or one for another kernel: build it again", false },
	{ ANY, EINVAL, "the kernel refuses an option", "the kernel's log says which", false },
	{ ANY, ENOMEM, "this machine has no memory left", "give it more", false },
	{ ANY, ENOSYS, "the kernel does not know this mount", "is the image of this kernel?",
	  false },
	{ ANY, EPERM, "not allowed", "rootovl must run as root, outside of a container", false },
};

static unsigned type_of(const char *fstype)
{
	for (size_t i = 0; fstype && i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].name, fstype))
			return types[i].type;
	return 0;
}

struct mount_cause mount_causes_find(const char *fstype, int code)
{
	unsigned type = type_of(fstype);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].code == code && ((rows[i].types & type) || rows[i].types == ANY))
			return (struct mount_cause){ rows[i].cause, rows[i].hint, rows[i].heals };
	return (struct mount_cause){ NULL, LOG, false };
}

int mount_causes_fail(struct failure *f, const char *fstype, int code, const char *fmt, ...)
{
	struct mount_cause found = mount_causes_find(fstype, code);
	auto_free char *object = NULL;
	va_list ap;

	va_start(ap, fmt);
	object = xvasprintf(fmt, ap);
	va_end(ap);
	fail(f, found.heals ? EAGAIN : code, found.hint, "%s: %s", object,
	     found.cause ? found.cause : strerror(code));
	return -f->code;
}
