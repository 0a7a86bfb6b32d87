/** The web page: static files, which ask the API as every other client does. */
@NullMarked
package dev.understudy.server.http.page;

import org.jspecify.annotations.NullMarked;
