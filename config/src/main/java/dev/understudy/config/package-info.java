/** What the administrator decides: immutable, validated records and the reader of their file. */
@NullMarked
package dev.understudy.config;

import org.jspecify.annotations.NullMarked;
