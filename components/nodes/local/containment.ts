/**
 * How much of the machine a node container gets: the smallest set with which a node does all its work, found by trying
 * (engine, swarm of two, overlay between them, a service with secret, config, limits, health check and a published
 * port, tasks started by hand, a restart of the node), taking one item away each time. Never `privileged`.
 *
 * Kept: every capability Docker gives by default (adding happens on top of them).
 *  - CHOWN: dockerd cannot hand over its socket. DAC_OVERRIDE: overlay2 cannot be mounted.
 *  - SETGID, SETUID: no task starts under its own user.
 *  - FSETID, FOWNER, MKNOD, NET_RAW, SETFCAP, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, KILL and AUDIT_WRITE: tasks are
 *    given these by default, and a node cannot give what it has not ("unable to apply caps").
 *
 * tests/e2e/containment.test.ts repeats this. Not needed: devices, /lib/modules, more of the machine's namespaces, tmpfs mounts (the entrypoint clears /run), and
 * `systempaths=unconfined`: the entrypoint makes just /proc/sys/net and the cgroups writable; the rest of /proc and
 * /sys stays read-only or masked as in any container.
 */
export const NODE_CAPABILITIES = {
  adds: [
    // Mounts, namespaces and cgroups of the tasks. Without it not even /proc/sys/net becomes writable.
    "CAP_SYS_ADMIN",
    // Bridges, VXLAN links, addresses, iptables, IPsec.
    "CAP_NET_ADMIN",
    // Entering a task that runs under another user: health checks and `docker exec` in it fail without.
    "CAP_SYS_PTRACE",
  ],
  drops: [] as string[],
};

/** A cgroup namespace of its own: the node's engine sees its container as the root and creates its tasks below. */
export const NODE_CGROUPNS = "private";

/**
 * What no engine, swarm or task of a lab calls, and what would reach beyond the container with the capabilities above:
 * the machine's modules, clock, swap, quotas, kernel log and keys, and doors with a history of holes.
 */
const REFUSED = [
  ...["init_module", "finit_module", "delete_module", "create_module", "query_module"],
  ...["kexec_load", "kexec_file_load", "reboot", "get_kernel_syms"],
  ...["swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "nfsservctl"],
  ...["settimeofday", "clock_settime", "clock_settime64", "stime"],
  ...["syslog", "add_key", "request_key"],
  ...["perf_event_open", "open_by_handle_at", "lookup_dcookie", "fanotify_init", "userfaultfd"],
  ...["io_uring_setup", "io_uring_enter", "io_uring_register"],
  ...["iopl", "ioperm", "vm86", "vm86old", "_sysctl", "sysfs", "ustat", "uselib"],
];

/**
 * Docker's default profile allows by name and lacks two calls that starting a task needs, `keyctl` (its session
 * keyring) and `pivot_root` (its root), and it cannot be extended. So this one refuses by name. The engine takes it
 * inline, as JSON. Tasks are still under the default profile of their node's engine.
 */
const SECCOMP = {
  defaultAction: "SCMP_ACT_ALLOW",
  archMap: [
    {
      architecture: "SCMP_ARCH_X86_64",
      subArchitectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    },
    { architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"] },
  ],
  syscalls: [{ names: REFUSED, action: "SCMP_ACT_ERRNO" }],
};

/**
 * AppArmor's docker-default refuses every mount, so it goes where the machine has AppArmor (known of that profile; not
 * tried: no kernel at hand had AppArmor).
 */
export const NODE_SECURITY_OPTS = ["apparmor=unconfined", `seccomp=${JSON.stringify(SECCOMP)}`];
