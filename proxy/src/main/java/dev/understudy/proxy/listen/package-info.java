/** Who may come in: the listening socket and the places of those not yet authenticated. */
@NullMarked
package dev.understudy.proxy.listen;

import org.jspecify.annotations.NullMarked;
