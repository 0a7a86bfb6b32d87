/** File systems of our own for hosts whose own cannot share blocks: in an image, or on a device. */
@NullMarked
package dev.understudy.cloner.pool.image;

import org.jspecify.annotations.NullMarked;
