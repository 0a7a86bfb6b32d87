/** What the daemon remembers: small JSON files, each written whole or not at all. */
@NullMarked
package dev.understudy.cloner.state;

import org.jspecify.annotations.NullMarked;
