#pragma once

#include <QString>

namespace tribikos::py {

/*!
    \a text as a string. A history's scripts say the same few hundred names and words over and over ("sa", "Column",
    "nullable"): the first few thousand short ones that the process meets are kept until it ends, at most 200 KiB of
    them, and their strings only point there. Such a string is copied and dropped without the counting of references
    that is otherwise a good part of reading a script. Any thread may ask.
*/
QString sharedWord(QStringView text);

} // namespace tribikos::py
