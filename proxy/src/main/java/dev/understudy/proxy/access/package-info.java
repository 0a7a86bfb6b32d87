/** Who may connect, from where and to what. */
@NullMarked
package dev.understudy.proxy.access;

import org.jspecify.annotations.NullMarked;
