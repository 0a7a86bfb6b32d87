/** The daemon as its users run it, in front of real servers, on real file systems. */
@NullMarked
package dev.understudy.integration;

import org.jspecify.annotations.NullMarked;
