/** What the kernel lets the processes of one clone take together. */
@NullMarked
package dev.understudy.cloner.cgroup;

import org.jspecify.annotations.NullMarked;
