/** Random lives of environments, next to a model of what each must contain. */
@NullMarked
package dev.understudy.cloner.life;

import org.jspecify.annotations.NullMarked;
