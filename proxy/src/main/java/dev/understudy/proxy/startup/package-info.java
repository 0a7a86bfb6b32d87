/** From accepted to authenticated. Nothing is looked up, made or revealed before that. */
@NullMarked
package dev.understudy.proxy.startup;

import org.jspecify.annotations.NullMarked;
