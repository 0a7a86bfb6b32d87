/** What can be learnt of a production before anything is set up for it. */
@NullMarked
package dev.understudy.cloner.survey;

import org.jspecify.annotations.NullMarked;
