#pragma once
// What a process gives up for good before it reads bytes of strangers. Each function returns 0, or -1 where the kernel can't.

/// Nothing that is executed from here on gains rights; the other two need it.
int stance_forbid_new_privileges(void);

/// This process, and what it executes, is killed when the thread that started it ends, however that comes.
int stance_end_with_parent(void);

/// Landlock's version in this kernel; 0 where there is none or it is switched off.
int stance_landlock_version(void);

/// No file can be opened, made, changed or executed but by these paths and what lies below them; those that are not there are
/// passed over. What can be written can be read too; devices are read, written and controlled. No process outside can be
/// signalled where the kernel's Landlock knows how. The lists end with NULL.
int stance_landlock_restrict(const char *_Nullable const *_Nonnull readable,
                             const char *_Nullable const *_Nonnull writable,
                             const char *_Nullable const *_Nonnull executable,
                             const char *_Nullable const *_Nonnull devices);

/// Memory, threads, clocks, and the files that are open already: every other system call fails. For a program that has loaded
/// and opened what it needs.
int stance_seccomp_keep_computing_only(void);

/// No sockets, no other processes' memory, nothing that only administrators do. For a program that is executed next.
int stance_seccomp_forbid_network(void);

/// The same, but for sockets of IPv4 and IPv6 that connect to others (and netlink, which looking up names takes): none that
/// others connect to, none of this machine's own services.
int stance_seccomp_allow_connecting(void);
