/** Who is connected, and how much has passed: what the console and metrics show. */
@NullMarked
package dev.understudy.proxy.client;

import org.jspecify.annotations.NullMarked;
