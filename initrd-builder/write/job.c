// SPDX-License-Identifier: GPL-2.0-or-later
#include "initrd-builder/write/job.h"

#include "initrd-builder/base/progress.h"
#include "initrd-builder/write/cgz.h"
#include "initrd-builder/write/job2sh.h"
#include "initrd-builder/write/job_script.h"
#include "initrd-builder/write/output.h"
#include "src/common/files.h"
#include "src/common/interrupt.h"
#include "src/common/jail.h"
#include "src/common/log.h"
#include "src/common/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX   (16 * 1024 * 1024)
#define SCRIPT_MAX (8 * TEXT_MAX) /* each quotation mark becomes four bytes */
#define JOB_DIR	   "lkp/scheduled"
#define SRC_DIR	   "lkp/lkp/src"
#define UNIT_DIR   SRC_DIR "/rootfs/addon/etc/systemd/system"

static const char service[] = "[Unit]\n"
			      "Description=Job\n"
			      "[Service]\n"
			      "ExecStart=/lkp/scheduled/job.sh\n"
			      "ExecStopPost=systemctl --no-block reboot\n"
			      "[Install]\n"
			      "WantedBy=multi-user.target\n";

static int read_text(const char *path, char **ret, struct failure *f)
{
	int r = file_read(AT_FDCWD, path, TEXT_MAX, ret);

	return r < 0 ? fail_errno(f, -r, NULL, "%s", path) : 0;
}

/* What is put into the archive. */
struct job_texts {
	char *yaml, *script;
	int src_fd; /* -1: no sources */
	bool service;
};

static int add_service(struct cgz *cgz)
{
	int r = cgz_add_dirs(cgz, UNIT_DIR);

	return r < 0 ? r
		     : cgz_add_bytes(cgz, UNIT_DIR "/lkp-bootstrap.service", 0644, service,
				     strlen(service));
}

static int add_all(struct cgz *cgz, const struct job_texts *job)
{
	int r = cgz_add_dirs(cgz, JOB_DIR);

	if (r == 0)
		r = cgz_add_bytes(cgz, JOB_DIR "/job.sh", 0755, job->script, strlen(job->script));
	if (r == 0)
		r = cgz_add_bytes(cgz, JOB_DIR "/job.yaml", 0644, job->yaml, strlen(job->yaml));
	if (r == 0 && job->src_fd >= 0)
		r = cgz_add_dirs(cgz, SRC_DIR);
	if (r == 0 && job->src_fd >= 0) {
		cgz_leave_out(cgz, SRC_DIR "/.git");
		r = cgz_add_below(cgz, job->src_fd, SRC_DIR);
	}
	if (r == 0 && job->service)
		r = add_service(cgz);
	return r == 0 ? cgz_end(cgz) : r;
}

static int write_archive(const struct job_texts *job, const char *path, struct failure *f)
{
	auto_output struct output output = OUTPUT_NONE;
	auto_cgz struct cgz *cgz = NULL;
	struct progress step;
	off_t size = 0;
	int r;

	progress_begin(&step, "job");
	r = output_open_at(path, &output, f);
	if (r < 0)
		return r;
	cgz = cgz_new(output.fd, CGZ_PAYLOAD, f);
	r = cgz ? add_all(cgz, job) : -f->code;
	if (r == 0)
		r = output_commit(&output, &size, f);
	if (r == 0)
		progress_end(&step, "%s, %s", output.path, progress_size(size));
	return r;
}

/* Both job2sh and job_script() end export_top_env by it. */
#define ENV_END "\n\t[ -n \"$LKP_SRC\" ] ||"

/* Adds lines where export_top_env ends, and warns if the script has no such place. */
static void add_exports(char **script, const char *exports, const char *name)
{
	const char *end = exports ? strstr(*script, ENV_END) : NULL;

	if (exports && !end)
		log_line(LOG_WARNING, "%s: its disks keep their names: it is not of LKP's job2sh",
			 name);
	if (!end)
		return;
	set_text(script, xasprintf("%.*s\n%s%s", (int)(end - *script), *script, exports, end));
}

/* A job's YAML, and why job2sh cannot make its script. */
struct reading {
	const char *yaml, *missing;
};

static int read_yaml(void *arg, FILE *answer, struct failure *f)
{
	const struct reading *reading = arg;
	auto_free char *script = NULL;
	int r = job_script(reading->yaml, reading->missing, &script, f);

	if (r == 0)
		fputs(script, answer);
	return r;
}

/* job_script() in a jail: a job is a stranger's text. */
static int script_of(const char *yaml, const char *missing, char **ret, struct failure *f)
{
	struct reading reading = { yaml, missing };
	auto_free char *answer = NULL;
	size_t len;
	int r = run_jailed(&(struct jail){ .name = "the job",
					   .work = read_yaml,
					   .arg = &reading,
					   .answer_max = SCRIPT_MAX,
					   .stop = &interrupted },
			   &answer, &len, f);

	if (r == 0 && strlen(answer) != len)
		r = fail(f, EPROTO, NULL, "the job: what read it gave no text");
	if (r == 0)
		*ret = STEAL(answer);
	return r;
}

static int make_script(const struct job *job, const char *yaml, char **ret,
		       const char **ret_missing, struct failure *f)
{
	int r;

	if (job->script)
		return read_text(job->script, ret, f);
	r = job2sh(job->lkp_src, job->yaml, ret, ret_missing, f);
	if (r < 0 || *ret)
		return r;
	return script_of(yaml, *ret_missing, ret, f);
}

int job_pack(const struct job *job, const char *output, const char **ret_missing, struct failure *f)
{
	auto_free char *yaml = NULL, *script = NULL, *checked = NULL;
	auto_close int src_fd = -1;
	int r = read_text(job->yaml, &yaml, f);

	*ret_missing = NULL;
	if (job->service && job->lkp_src)
		return fail(f, EINVAL, "leave out one of the two",
			    "%s: both LKP's sources and a service of ours would start the job",
			    job->yaml);
	/* It is read in any case: a YAML that nobody can read is no job. */
	if (r == 0 && (r = script_of(yaml, "", &checked, f)) < 0)
		failure_prefix(f, "%s", job->yaml);
	if (r == 0)
		r = make_script(job, yaml, &script, ret_missing, f);
	if (r == 0)
		add_exports(&script, job->exports, job->script ? job->script : job->yaml);
	if (r == 0 && job->lkp_src) {
		src_fd = open(job->lkp_src, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		r = src_fd < 0 ? fail_errno(f, errno, NULL, "%s", job->lkp_src) : 0;
	}
	return r < 0 ? r
		     : write_archive(&(struct job_texts){ yaml, script, src_fd, job->service },
				     output, f);
}
