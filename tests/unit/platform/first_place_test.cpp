#include "platform/first_place.hpp"

#include <gtest/gtest.h>

namespace portico::platform {
namespace {

/// The page with `@` at the place.
std::string marked(std::string_view html) {
  return std::string(html).insert(first_place(html), "@");
}

TEST(FirstPlace, IsBehindTheDocumentType) {
  EXPECT_EQ(marked("<!doctype html><html><head><script>"), "<!doctype html>@<html><head><script>");
  EXPECT_EQ(marked("\xEF\xBB\xBF\r\n <!DocType HTML\n>\n<script>"), "\xEF\xBB\xBF\r\n <!DocType HTML\n>@\n<script>");
  EXPECT_EQ(marked("<!-- ours --><!doctype html><!-- a --><p>"), "<!-- ours --><!doctype html>@<!-- a --><p>");
  EXPECT_EQ(marked("<?xml version='1.0'?><!doctype html><p>"), "<?xml version='1.0'?><!doctype html>@<p>");
  EXPECT_EQ(marked("<!doctypehtml><p>"), "<!doctypehtml>@<p>");
  EXPECT_EQ(marked("<!doctype><p>"), "<!doctype>@<p>");
}

TEST(FirstPlace, IsBeforeAllElsewhere) {
  EXPECT_EQ(marked(""), "@");
  EXPECT_EQ(marked("<script>1</script>"), "@<script>1</script>");
  EXPECT_EQ(marked("  text<script>"), "  @text<script>");
  EXPECT_EQ(marked("<html lang=en>"), "@<html lang=en>");
  EXPECT_EQ(marked("</p><!doctype html><script>"), "@</p><!doctype html><script>");
  EXPECT_EQ(marked("< !doctype html>"), "@< !doctype html>");
  EXPECT_EQ(marked("&#60;!doctype html>"), "@&#60;!doctype html>");
  EXPECT_EQ(marked("<svg><!doctype html><script>"), "@<svg><!doctype html><script>");
  EXPECT_EQ(marked("\xC2\xA0<!doctype html>"), "@\xC2\xA0<!doctype html>");
  EXPECT_EQ(marked("\v<!doctype html>"), "@\v<!doctype html>");
}

/// Where a comment or a document type ends is where browsers end it, not where its author would like.
TEST(FirstPlace, IsNotFooledByCommentsThatEndSooner) {
  EXPECT_EQ(marked("<!--><script>--><!doctype html>"), "<!-->@<script>--><!doctype html>");
  EXPECT_EQ(marked("<!---><script>--><!doctype html>"), "<!--->@<script>--><!doctype html>");
  EXPECT_EQ(marked("<!----><script>"), "<!---->@<script>");
  EXPECT_EQ(marked("<!-- a --!><script>--><!doctype html>"), "<!-- a --!>@<script>--><!doctype html>");
  EXPECT_EQ(marked("<!----!><script>"), "<!----!>@<script>");
  EXPECT_EQ(marked("<!-- a --- ><script>--->x"), "<!-- a --- ><script>--->@x");
  EXPECT_EQ(marked("<!-- <!-- --><script>-->"), "<!-- <!-- -->@<script>-->");
  EXPECT_EQ(marked("<!-a--><script>-->"), "<!-a-->@<script>-->");
  EXPECT_EQ(marked("<![CDATA[><script>]]>"), "<![CDATA[>@<script>]]>");
  EXPECT_EQ(marked("<?php echo '>'; ?><script>"), "<?php echo '>@'; ?><script>");
  EXPECT_EQ(marked("<!doctype html PUBLIC \"><script>\" \"\">"), "<!doctype html PUBLIC \">@<script>\" \"\">");
  EXPECT_EQ(marked("<!><script>"), "<!>@<script>");
  EXPECT_EQ(marked("<!doctyp html><script>"), "<!doctyp html>@<script>");
}

TEST(FirstPlace, IsBeforeWhatNeverEnds) {
  EXPECT_EQ(marked("<!-- <script>"), "@<!-- <script>");
  EXPECT_EQ(marked("<!doctype html"), "@<!doctype html");
  EXPECT_EQ(marked(" <!-- a --> <!-- b --"), " <!-- a --> @<!-- b --");
  EXPECT_EQ(marked("<!"), "@<!");
  EXPECT_EQ(marked("<?"), "@<?");
}

}  // namespace
}  // namespace portico::platform
