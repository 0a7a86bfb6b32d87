/** The Linux that we run on: system calls through the foreign function API, boot id, users. */
@NullMarked
package dev.understudy.cloner.host;

import org.jspecify.annotations.NullMarked;
