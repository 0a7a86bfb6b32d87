/** What users have run in each new clone before anybody gets in. */
@NullMarked
package dev.understudy.cloner.hook;

import org.jspecify.annotations.NullMarked;
