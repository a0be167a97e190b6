// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Golden tests: each tests/unit/testbox/plan/machines/NAME.host, the YAML of a host, must give
 * NAME.plan: the printed plan or "error: …". Its comments say the rest: "#name: vm-2p8g-1",
 * "#cmdline: …", "#kvm",
 * "#personality", "#result", "#rootfs", "#by-card", "#wishes: NR_DISK DISK_SIZE NR_NIC".
 */
#include "src/testbox/plan/machine_plan.h"
#include "src/common/log.h"
#include "src/common/mem.h"
#include "src/testbox/machine/bases.h"
#include "src/testbox/plan/host_read.h"
#include "tests/unit/golden.h"

#define CASES "tests/unit/testbox/plan/machines/"

/* The rest of the line that begins so; NULL: there is none. Owned. */
static char *comment(const char *text, const char *name)
{
	auto_strv char **lines = strv_split(text, "\n");

	for (size_t i = 0; lines && lines[i]; i++)
		if (!strncmp(lines[i], name, strlen(name)))
			return xstrdup(lines[i] + strlen(name));
	return NULL;
}

static void print_plan(const struct host *host, const char *text, FILE *out)
{
	auto_free char *cmdline = comment(text, "#cmdline: "), *kvm = comment(text, "#kvm");
	auto_free char *iso = comment(text, "#personality"), *result = comment(text, "#result");
	auto_free char *rootfs = comment(text, "#rootfs"), *by_card = comment(text, "#by-card");
	struct plan_base *bases = bases_find(NULL, host, true, NULL);
	const int nets[HOST_NICS_MAX] = { 20, 21, 22, 23, 24, 25, 26, 27 };
	const struct machine_request request = {
		.host = host,
		.kvm = kvm != NULL,
		.dir = "/boxes/a,b",
		.run = "/boxes/a,b/run",
		.kernel = by_card ? NULL : "/cache/vmlinuz",
		.initrd = "/boxes/a,b/run/initrd",
		.cmdline = cmdline ? cmdline : "",
		.iso = iso ? "/boxes/a,b/run/personality.iso" : NULL,
		.rootfs = rootfs ? "/srv/os/debian,12" : NULL,
		.result = result ? "/results/1,2" : NULL,
		.result_fd = 13,
		.rootfs_share = { 14, 15 },
		.result_share = { 16, 17 },
		.reach = &host->reach,
		.nets = host->reach.all ? NULL : nets,
		.sockets = { .console = 10, .qmp = 11, .port = iso ? 12 : -1 },
		.bases = bases,
	};
	struct machine_plan plan;

	machine_plan_build(&plan, &request);
	machine_plan_print(&plan, out);
	machine_plan_done(&plan);
	bases_done(bases, host->n_disks);
}

static char *plan_text(const char *path)
{
	auto_free char *text = golden_read(path), *name = comment(text, "#name: ");
	auto_free char *wished = comment(text, "#wishes: ");
	struct machine_wishes wishes = { 0 };
	auto_failure struct failure f = { 0 };
	unsigned long long size = 0;
	struct host host;
	char *said = NULL;
	size_t len;
	FILE *out = open_memstream(&said, &len);
	int r = host_read(&host, name, "vm.yaml", text, &f);

	if (wished) {
		assert_int_equal(
			sscanf(wished, "%u %llu %u", &wishes.nr_disk, &size, &wishes.nr_nic), 3);
		wishes.disk_size = size;
	}
	if (r == 0)
		r = host_ask(&host, &wishes, &f);
	if (r == 0) {
		print_plan(&host, text, out);
	} else {
		auto_free char *error = log_failure_text(&f);

		fprintf(out, "error: %s\n", error);
	}
	host_done(&host);
	fclose(out);
	return said;
}

static void gives_its_plan(void **state)
{
	const char *path = *state;
	auto_free char *plan = plan_text(path);

	golden_compare(path, ".plan", plan);
}

int main(void)
{
	return golden_run(CASES, ".host", 15, gives_its_plan);
}
