// What the portal is told of an import or its rehearsal (shared/foyer/view/import.h). Imports
// nothing.
#pragma once

#include "foyer/view/import.h"
#include "import_job.h"

namespace foyer::server {

// `table` is null when the file could not be read as one; `outcome` says why.
ImportAnswer describe_import(const ImportRequest& request, const CsvTable* table,
                             const Result<ImportOutcome>& outcome);

}  // namespace foyer::server
