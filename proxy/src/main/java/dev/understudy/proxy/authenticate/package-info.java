/** Who is there: SCRAM-SHA-256 and MD5 against stored verifiers, never against a server. */
@NullMarked
package dev.understudy.proxy.authenticate;

import org.jspecify.annotations.NullMarked;
