/** Where copied data runs: namespaces in which nothing but its own files exists. */
@NullMarked
package dev.understudy.cloner.sandbox;

import org.jspecify.annotations.NullMarked;
